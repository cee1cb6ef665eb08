//! The list of people.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{QualityScore, Source, TrackRef};

use super::{avatar::Avatar, panel::PanelFrame, tile::shown_name};
use crate::{
    components::{CopyButton, Icon},
    state::{Desk, Meeting, Person},
    text::text,
};

/// Everybody in the meeting, oneself included.
#[component]
pub(super) fn People() -> impl IntoView {
    let store = Meeting::expect().store;
    let words = text();
    let link = |()| window().location().href().unwrap_or_default();
    view! {
        <PanelFrame title=words.meeting.people>
            <p class="people__count">
                {move || (words.meeting.people_count)(store.people.with(Vec::len))}
            </p>
            <ul class="people">
                <For
                    each=move || store.people.get()
                    key=|person| (person.id.clone(), person.me)
                    children=|person| view! { <Row person=person /> }
                />
            </ul>
            <div class="panel__foot">
                <CopyButton what=link label=words.common.copy_link />
            </div>
        </PanelFrame>
    }
}

/// One of them.
#[component]
fn Row(person: Arc<Person>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = text();
    let name = shown_name(&person);
    let plain = person.name.clone();
    let track = TrackRef {
        peer: person.id.clone(),
        source: Source::Camera,
    };
    let pinned = {
        let track = track.clone();
        Memo::new(move |_| desk.pinned.with(|pinned| pinned.as_ref() == Some(&track)))
    };
    let pin_label = move || {
        name.with(|name| match pinned.get() {
            true => (words.tile.unpin)(name),
            false => (words.tile.pin)(name),
        })
    };
    view! {
        <li class="person">
            <Avatar
                peer=person.id.clone()
                name=Signal::derive(move || plain.with(|name| name.as_str().to_owned()))
            />
            <span class="person__name" dir="auto">
                {move || name.get()}
            </span>
            <Signs person=person />
            <button
                type="button"
                class="icon-button"
                aria-label=pin_label
                title=pin_label
                data-pinned=move || pinned.get().then_some("true")
                on:click=move |_| desk.toggle_pin(&track)
            >
                {move || match pinned.get() {
                    true => view! { <Icon glyph=icondata::LuPinOff /> },
                    false => view! { <Icon glyph=icondata::LuPin /> },
                }}
            </button>
        </li>
    }
}

/// What is on, and whether the connection is there.
#[component]
fn Signs(person: Arc<Person>) -> impl IntoView {
    let words = &text().people;
    let (media, quality) = (person.media.clone(), person.quality.clone());
    let signs = move || {
        let media = media.get();
        let lost = quality.get() == QualityScore::Lost;
        [
            lost.then_some((words.lost, icondata::LuWifiOff)),
            media
                .screen
                .then_some((words.sharing, icondata::LuScreenShare)),
            Some(match media.microphone {
                true => (words.microphone_on, icondata::LuMic),
                false => (words.microphone_off, icondata::LuMicOff),
            }),
            Some(match media.camera {
                true => (words.camera_on, icondata::LuVideo),
                false => (words.camera_off, icondata::LuVideoOff),
            }),
        ]
        .into_iter()
        .flatten()
        .map(|(label, glyph)| {
            view! {
                <span class="person__sign" role="img" aria-label=label title=label>
                    <Icon glyph=glyph />
                </span>
            }
        })
        .collect_view()
    };
    view! { <span class="person__signs">{signs}</span> }
}
