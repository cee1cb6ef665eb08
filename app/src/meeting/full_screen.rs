//! A meeting that is to start in full screen: the one click or key that
//! browsers want for it, or why it cannot be.

use leptos::{ev, html, prelude::*};

use crate::{
    browser::{embedding, full_screen},
    components::Icon,
    page::{FullScreen, Page},
    text::text,
};

/// Asks for the click while full screen is due. Any click and any key will do.
#[component]
pub(super) fn FullScreenPrompt() -> impl IntoView {
    let state = Page::expect().full_screen;
    let full = full_screen::watch();
    Effect::new(move |_| {
        if full.get() || full_screen::is_on() {
            // by another way
            state.set(FullScreen::Settled);
        }
    });
    let due = Memo::new(move |_| state.get() == FullScreen::Due);
    view! {
        <Show when=move || due.get()>
            {if full_screen::is_available() {
                view! { <Ask /> }.into_any()
            } else {
                view! { <Impossible /> }.into_any()
            }}
        </Show>
    }
}

/// The button, and everything else that counts as one.
#[component]
fn Ask() -> impl IntoView {
    let page = Page::expect();
    let words = &text().page;
    let later = move || page.full_screen.set(FullScreen::Settled);
    let on_click = window_event_listener(ev::click, move |_| page.fill_screen());
    let on_key = window_event_listener(ev::keydown, move |event| {
        if !is_for_the_dialog(&event.key()) {
            page.fill_screen();
        }
    });
    on_cleanup(move || {
        on_click.remove();
        on_key.remove();
    });
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|dialog| !dialog.open()) {
            // fails only for a dialog that is open already
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            class="modal curtain"
            node_ref=dialog
            aria-label=words.full_screen
            on:close=move |_| later()
        >
            <button type="button" class="button button--primary button--large">
                <Icon glyph=icondata::LuMaximize />
                {words.full_screen}
            </button>
            <p>{words.full_screen_hint}</p>
            <button
                type="button"
                class="button button--quiet"
                on:click=move |event| {
                    event.stop_propagation();
                    later();
                }
            >
                {words.full_screen_later}
            </button>
        </dialog>
    }
}

/// Escape closes it, Tab leads to the choice, Enter and Space choose; keys that
/// do nothing alone are the start of something.
fn is_for_the_dialog(key: &str) -> bool {
    matches!(
        key,
        "Escape" | "Tab" | "Enter" | " " | "Shift" | "Control" | "Alt" | "Meta"
    )
}

/// Why the screen is not filled.
#[component]
fn Impossible() -> impl IntoView {
    let state = Page::expect().full_screen;
    let words = text();
    let why = if embedding::is_embedded() {
        words.page.full_screen_blocked
    } else {
        words.page.full_screen_unsupported
    };
    view! {
        <div class="banner" role="status">
            <Icon glyph=icondata::LuMaximize />
            <span>{why}</span>
            <button
                type="button"
                class="icon-button"
                aria-label=words.common.close
                on:click=move |_| state.set(FullScreen::Settled)
            >
                <Icon glyph=icondata::LuX />
            </button>
        </div>
    }
}
