//! Buttons of the toolbar that do one thing.

use client::model::ScreenShare;
use leptos::prelude::*;
use protocol::Source;

use super::rights::{self, toggle_input, toggle_share};
use crate::{
    browser::full_screen,
    components::{Glyph, Icon},
    devices::Switch,
    state::{Desk, May, Meeting},
    text::text,
};

/// A plain button of the toolbar.
#[component]
pub(super) fn Tool(
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] glyph: Signal<Glyph>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] key: Option<&'static str>,
    /// Whether what the button ends is going on.
    #[prop(optional, into)]
    active: Option<Signal<bool>>,
    /// Whether it is of no use now; pressed, it says why.
    #[prop(optional, into)]
    denied: Option<Signal<bool>>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("tool {class}")
            aria-label=move || label.get()
            title=move || label.get()
            aria-keyshortcuts=key
            aria-disabled=move || denied.is_some_and(|denied| denied.get()).then_some("true")
            data-active=move || active.is_some_and(|active| active.get()).then_some("true")
            on:click=move |_| on_press.run(())
        >
            {move || view! { <Icon glyph=glyph.get() /> }}
        </button>
    }
}

/// Microphone or camera; hidden from those who have none in their role. Where
/// moderators forbid it, the button stays and says so.
#[component]
pub(super) fn SwitchTool(source: Source, key: &'static str) -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let switch = match source {
        Source::Camera => Switch::camera(meeting),
        _ => Switch::microphone(meeting),
    };
    let may = Memo::new(move |_| meeting.store.may_use(source));
    let denied = Memo::new(move |_| may.get() == May::Forbidden && !switch.is_on());
    let label = move || match denied.get() {
        true => rights::forbidden(source),
        false => switch.label(),
    };
    let id = format!("{key}-problem");
    view! {
        <Show when=move || may.get() != May::NotInThisRole>
            <button
                type="button"
                class="tool"
                data-on=move || switch.is_on().to_string()
                aria-label=label
                title=label
                aria-keyshortcuts=key
                aria-describedby=id.clone()
                aria-disabled=move || denied.get().then_some("true")
                data-badge=move || switch.has_failed().then_some("!")
                data-badge-kind="alert"
                on:click=move |_| toggle_input(meeting, desk, source)
            >
                {move || view! { <Icon glyph=switch.glyph() /> }}
            </button>
            <span id=id.clone() hidden>
                {move || switch.has_failed().then_some(text().meeting.device_problem)}
            </span>
        </Show>
    }
}

/// Share a screen, or stop; hidden where the browser or the role has none.
#[component]
pub(super) fn ShareTool() -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let store = meeting.store;
    let words = &text().meeting;
    let on = Memo::new(move |_| matches!(store.screen.get(), ScreenShare::On { .. }));
    let may = Memo::new(move |_| store.may_use(Source::Screen));
    let denied = Memo::new(move |_| may.get() == May::Forbidden && !on.get());
    let label = Signal::derive(move || {
        if denied.get() {
            rights::forbidden(Source::Screen)
        } else if on.get() {
            words.stop_sharing
        } else {
            words.share
        }
    });
    let glyph = Signal::derive(move || match on.get() {
        true => icondata::LuScreenShareOff,
        false => icondata::LuScreenShare,
    });
    view! {
        <Show when=move || store.can_share.get() && may.get() != May::NotInThisRole>
            <Tool
                label=label
                glyph=glyph
                key="s"
                class="tool--share"
                active=on
                denied=denied
                on_press=move |()| toggle_share(meeting, desk)
            />
        </Show>
    }
}

/// Full screen; hidden where it cannot be had.
#[component]
pub(super) fn FullScreenTool() -> impl IntoView {
    let words = &text().meeting;
    let full = full_screen::watch();
    let label = Signal::derive(move || match full.get() {
        true => words.exit_full_screen,
        false => words.full_screen,
    });
    let glyph = Signal::derive(move || match full.get() {
        true => icondata::LuMinimize,
        false => icondata::LuMaximize,
    });
    full_screen::is_available().then(|| {
        view! {
            <Tool class="tool--wide" label=label glyph=glyph key="f" on_press=|()| full_screen::toggle() />
        }
    })
}
