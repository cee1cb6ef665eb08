//! Buttons of the toolbar that do one thing.

use client::{Intent, model::ScreenShare};
use leptos::prelude::*;

use crate::{
    browser::full_screen,
    components::{Glyph, Icon},
    devices::Switch,
    state::Meeting,
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
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("tool {class}")
            aria-label=move || label.get()
            title=move || label.get()
            aria-keyshortcuts=key
            data-active=move || active.is_some_and(|active| active.get()).then_some("true")
            on:click=move |_| on_press.run(())
        >
            {move || view! { <Icon glyph=glyph.get() /> }}
        </button>
    }
}

/// Microphone or camera.
#[component]
pub(super) fn SwitchTool(switch: Switch, key: &'static str) -> impl IntoView {
    let id = format!("{key}-problem");
    let described_by = id.clone();
    view! {
        <button
            type="button"
            class="tool"
            data-on=move || switch.is_on().to_string()
            aria-label=move || switch.label()
            title=move || switch.label()
            aria-keyshortcuts=key
            aria-describedby=described_by
            data-badge=move || switch.has_failed().then_some("!")
            data-badge-kind="alert"
            on:click=move |_| switch.toggle()
        >
            {move || view! { <Icon glyph=switch.glyph() /> }}
        </button>
        <span id=id hidden>
            {move || switch.has_failed().then_some(text().meeting.device_problem)}
        </span>
    }
}

/// Share a screen, or stop; hidden where the browser cannot.
#[component]
pub(super) fn ShareTool() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().meeting;
    let on = Memo::new(move |_| matches!(store.screen.get(), ScreenShare::On { .. }));
    let label = Signal::derive(move || {
        if on.get() {
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
        <Show when=move || store.can_share.get()>
            <Tool
                label=label
                glyph=glyph
                key="s"
                class="tool--share"
                active=on
                on_press=move |()| meeting.send(Intent::SetScreen(!on.get_untracked()))
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
