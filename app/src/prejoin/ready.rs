//! No welcome screen: the page around this one says when to join, and with
//! which devices. It does so with the intents that the welcome screen sends;
//! as soon as the phase is another one, this screen is gone.
//!
//! Nobody is stuck here: where there is no page around, or it says nothing for
//! a while, there is a button.

use std::time::Duration;

use client::{Intent, model::Phase};
use leptos::prelude::*;
use leptos_meta::Title;

use super::RecordedNotice;
use crate::{
    brand,
    browser::embedding,
    components::Logo,
    page::Page,
    state::{Meeting, RoomPage},
    text::text,
};

/// How long the page around this one has before there is a button.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits to be told to join.
#[component]
pub(crate) fn Ready() -> impl IntoView {
    let meeting = Meeting::expect();
    let page = Page::expect();
    let room = expect_context::<RoomPage>();
    let words = text();
    let own_way = own_way();
    let joining = move || matches!(meeting.store.phase.get(), Phase::Joining { .. });
    let unreachable =
        move || matches!(meeting.store.phase.get(), Phase::Joining { attempt } if attempt > 1);
    let says = move || {
        if unreachable() {
            words.prejoin.unreachable
        } else if joining() {
            words.prejoin.joining
        } else if own_way.get() {
            words.page.ready_alone
        } else {
            words.page.ready_hint
        }
    };
    let join = move |_| {
        page.fill_screen();
        meeting.send(Intent::Join);
    };
    view! {
        <Title text=format!("{} · {}", room.id, brand::name()) />
        <main class="plain">
            <Logo />
            <h1>{words.page.ready}</h1>
            <p role="status">{says}</p>
            <RecordedNotice />
            <Show when=move || own_way.get()>
                <p class="actions">
                    <button
                        type="button"
                        class="button button--primary button--large"
                        prop:disabled=move || !meeting.store.started.get() || joining()
                        on:click=join
                    >
                        {words.prejoin.join}
                    </button>
                </p>
            </Show>
            <noscript>
                <p>{words.common.needs_script}</p>
            </noscript>
        </main>
    }
}

/// Whether the participant has to do it: at once where no page is around this
/// one, else after a while.
fn own_way() -> RwSignal<bool> {
    let own_way = RwSignal::new(false);
    let show = move || {
        let _ = own_way.try_set(true);
    };
    Effect::new(move |_| {
        if !embedding::is_embedded() {
            show();
        } else if let Ok(timer) = set_timeout_with_handle(show, PATIENCE) {
            on_cleanup(move || timer.clear());
        }
    });
    own_way
}
