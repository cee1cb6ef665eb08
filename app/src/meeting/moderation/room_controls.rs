//! What a moderator can do with the room: on top of the list, folded away.

use client::Intent;
use leptos::prelude::*;
use protocol::{Moderation, RoomSettings, Source};

use super::{Confirm, deeds::SOURCES, labels::source_glyph};
use crate::{
    components::{Glyph, Icon},
    meeting::recording::RecordingControl,
    state::{Desk, Meeting},
    text::{self, text},
};

/// The controls behind their button; they stay open while the page is.
#[component]
pub(in crate::meeting) fn RoomControls() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().moderation;
    let open = desk.controls_open;
    view! {
        <section class="controls" aria-label=words.title>
            <h3 class="controls__head">
                <button
                    type="button"
                    class="controls__fold"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="room-controls"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon glyph=icondata::LuShield />
                    <span>{words.title}</span>
                    <Icon glyph=icondata::LuChevronDown />
                </button>
            </h3>
            <div id="room-controls" class="controls__body" hidden=move || !open.get()>
                <Show when=move || open.get()>
                    <Switches />
                    <ForAll />
                    <RecordingControl />
                </Show>
            </div>
        </section>
    }
}

/// What holds for the room: on or off.
#[component]
fn Switches() -> impl IntoView {
    let words = &text().moderation;
    let allow = SOURCES.into_iter().map(|source| {
        let set = move |allowed| Moderation::Allow {
            source,
            allowed,
            peer: None,
        };
        view! {
            <RoomSwitch
                label=allow_label(words, source)
                glyph=source_glyph(source)
                read=move |settings| settings.allowed.allows(source)
                set=set
            />
        }
    });
    view! {
        <div class="controls__switches">
            <RoomSwitch
                label=words.waiting_room
                hint=words.waiting_room_hint
                glyph=icondata::LuHourglass
                read=|settings| settings.waiting_room
                set=|on| Moderation::SetWaitingRoom { on }
            />
            <RoomSwitch
                label=words.locked
                hint=words.locked_hint
                glyph=icondata::LuLock
                read=|settings| settings.locked
                set=|locked| Moderation::SetLocked { locked }
            />
            {allow.collect_view()}
        </div>
    }
}

fn allow_label(words: &text::Moderation, source: Source) -> &'static str {
    match source {
        Source::Microphone => words.allow_microphones,
        Source::Camera => words.allow_cameras,
        Source::Screen | Source::ScreenAudio => words.allow_screens,
    }
}

/// A switch of the room. It turns when the server says so, not before.
#[component]
fn RoomSwitch(
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    glyph: Glyph,
    read: impl Fn(&RoomSettings) -> bool + Copy + Send + Sync + 'static,
    set: impl Fn(bool) -> Moderation + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let meeting = Meeting::expect();
    let on = Memo::new(move |_| meeting.store.settings.with(read));
    view! {
        <button
            type="button"
            class="switch"
            role="switch"
            aria-checked=move || on.get().to_string()
            on:click=move |_| meeting.send(Intent::Moderate(set(!on.get_untracked())))
        >
            <Icon glyph=glyph />
            <span class="switch__words">
                {label} {hint.map(|hint| view! { <small>{hint}</small> })}
            </span>
            <span class="switch__track" aria-hidden="true"></span>
        </button>
    }
}

/// What is done with everybody at once.
#[component]
fn ForAll() -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let words = &text().moderation;
    let turn_off = |source| Moderation::TurnOff { source, peer: None };
    let deeds = [
        (
            words.mute_all,
            icondata::LuMicOff,
            turn_off(Source::Microphone),
        ),
        (
            words.cameras_off,
            icondata::LuVideoOff,
            turn_off(Source::Camera),
        ),
        (
            words.shares_off,
            icondata::LuScreenShareOff,
            turn_off(Source::Screen),
        ),
        (
            words.lower_hands,
            icondata::LuHand,
            Moderation::LowerHand { peer: None },
        ),
    ];
    let buttons = deeds.map(|(label, glyph, deed)| {
        view! {
            <button
                type="button"
                class="button button--small"
                on:click=move |_| meeting.send(Intent::Moderate(deed.clone()))
            >
                <Icon glyph=glyph />
                {label}
            </button>
        }
    });
    view! {
        <div class="controls__all" role="group" aria-label=words.everybody>
            {buttons.collect_view()}
            <button
                type="button"
                class="button button--small button--danger-quiet"
                on:click=move |_| desk.ask(Confirm::End)
            >
                <Icon glyph=icondata::LuDoorClosed />
                {words.end}
            </button>
        </div>
    }
}
