//! What there is to say about who is there: nobody else, nobody yet, how many
//! watch.

use leptos::prelude::*;
use protocol::Role;

use crate::{
    components::{CopyButton, Icon},
    page::Page,
    state::Meeting,
    text::text,
};

/// What is said where the tiles of others would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    /// Others are there.
    No,
    /// Only oneself is there, and nobody watches.
    Alone,
    /// Nobody to watch is there.
    NobodyYet,
}

/// Says so while there is nobody to see.
#[component]
pub(super) fn EmptyStage() -> impl IntoView {
    let store = Meeting::expect().store;
    let empty = Memo::new(move |_| {
        store.people.with(|people| match people.as_slice() {
            [] if store.role() == Role::Viewer => Empty::NobodyYet,
            [person] if person.me && store.audience.get() == 0 => Empty::Alone,
            _ => Empty::No,
        })
    });
    move || match empty.get() {
        Empty::No => ().into_any(),
        Empty::Alone => view! { <Alone /> }.into_any(),
        Empty::NobodyYet => view! { <NobodyYet /> }.into_any(),
    }
}

/// What to do while nobody else is there.
#[component]
fn Alone() -> impl IntoView {
    let page = Page::expect();
    let words = text();
    let invites = page.invitation().is_some();
    let invite = move || {
        // an embedding page with its own controls has its own way to invite
        (invites && !page.controls_hidden.get()).then(|| {
            view! {
                <p class="explained__hint">{words.meeting.alone_hint}</p>
                <CopyButton
                    what=move |()| page.invitation().unwrap_or_default()
                    label=words.common.copy_link
                />
            }
        })
    };
    view! {
        <aside class="alone" aria-label=words.meeting.alone>
            <p class="explained__title">{words.meeting.alone}</p>
            {invite}
        </aside>
    }
}

/// For those who watch: there is nothing to see yet.
#[component]
fn NobodyYet() -> impl IntoView {
    let words = text().page.nobody_yet;
    view! {
        <div class="nobody" role="status">
            <Icon glyph=icondata::LuPresentation />
            <p class="explained__title">{words.title}</p>
            <p class="explained__hint">{words.hint}</p>
        </div>
    }
}

/// How many watch, for speakers and viewers alike. Not read out as it changes:
/// it may do so every second.
#[component]
pub(super) fn Audience() -> impl IntoView {
    let audience = Meeting::expect().store.audience;
    let words = &text().page;
    view! {
        <Show when=move || { audience.get() > 0 }>
            <p class="audience">
                <Icon glyph=icondata::LuEye />
                {move || words.watching.of(audience.get())}
            </p>
        </Show>
    }
}
