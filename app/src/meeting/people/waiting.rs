//! Who waits to be let in: on top of the list, for moderators.

use client::Intent;
use leptos::{ev, prelude::*};
use protocol::{DisplayName, Moderation, PeerId, Waiting};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::rows::Rows;
use crate::{
    components::Icon,
    meeting::{
        avatar::{Avatar, hue},
        moderation::Confirm,
    },
    state::{Desk, Meeting},
    text::text,
};

/// Those who wait, each to be let in or turned away, and all at once.
#[component]
pub(super) fn WaitingList() -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let waiting = meeting.store.waiting;
    let words = &text().moderation;
    let count = Memo::new(move |_| waiting.with(Vec::len));
    let all = Memo::new(move |_| waiting.get());
    let admit_all = move |_| meeting.send(Intent::Moderate(Moderation::Admit { peer: None }));
    let reject_all = move |_| desk.ask(Confirm::RejectAll(count.get_untracked()));
    view! {
        <section class="people__part people__part--waiting" aria-label=words.waiting>
            <div class="people__title">
                <h3>{move || words.waiting_count.of(count.get())}</h3>
                <Show when=move || { count.get() > 1 }>
                    <div class="people__all">
                        <button
                            type="button"
                            class="button button--small button--primary"
                            on:click=admit_all
                        >
                            {words.admit_all}
                        </button>
                        <button type="button" class="button button--small" on:click=reject_all>
                            {words.reject_all}
                        </button>
                    </div>
                </Show>
            </div>
            <Rows
                label=words.waiting
                items=all
                key=key
                row=|waiting| view! { <WaitingRow waiting=waiting /> }
            />
        </section>
    }
}

fn key(waiting: &Waiting) -> (PeerId, u64, String) {
    (
        waiting.id.clone(),
        waiting.since,
        waiting.display_name.as_str().to_owned(),
    )
}

/// One of them.
#[component]
fn WaitingRow(waiting: Waiting) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = &text().moderation;
    let name = named(&waiting.display_name);
    let (admit, reject) = (waiting.id.clone(), waiting.id.clone());
    let admit = move |event: ev::MouseEvent| {
        hand_focus_on(&event);
        let peer = Some(admit.clone());
        meeting.send(Intent::Moderate(Moderation::Admit { peer }));
    };
    let reject = move |event: ev::MouseEvent| {
        hand_focus_on(&event);
        let peer = Some(reject.clone());
        meeting.send(Intent::Moderate(Moderation::Reject { peer }));
    };
    let reject_label = words.reject_name.with(&name);
    view! {
        <Avatar hue=hue(&waiting.id) name=waiting.display_name.as_str().to_owned() />
        <div class="person__who">
            <span class="person__name" dir="auto">
                {name.clone()}
            </span>
            {waiting
                .removed_before
                .then(|| {
                    view! {
                        <span class="person__badge person__badge--warning">{words.removed_before}</span>
                    }
                })}
        </div>
        <button
            type="button"
            class="button button--small button--primary"
            aria-label=words.admit_name.with(&name)
            on:click=admit
        >
            {words.admit}
        </button>
        <button
            type="button"
            class="icon-button"
            aria-label=reject_label.clone()
            title=reject_label
            on:click=reject
        >
            <Icon glyph=icondata::LuX />
        </button>
    }
}

/// The row is about to go, and the focus with it: it goes on to the next one
/// who waits, or to the panel after the last.
fn hand_focus_on(event: &ev::MouseEvent) {
    let pressed = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let Some(pressed) = pressed else { return };
    let closest = |selector| pressed.closest(selector).ok().flatten();
    let neighbour = closest("li").and_then(|row| {
        row.next_element_sibling()
            .or_else(|| row.previous_element_sibling())
    });
    let next = neighbour
        .and_then(|row| row.query_selector("button").ok().flatten())
        .or_else(|| closest(".panel"));
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        // what cannot take the focus leaves it where it is
        let _ = next.focus();
    }
}

/// A name as others read it.
pub(super) fn named(name: &DisplayName) -> String {
    match name.as_str() {
        "" => text().common.guest.to_owned(),
        name => name.to_owned(),
    }
}
