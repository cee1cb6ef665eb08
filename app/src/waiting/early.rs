//! The event has not started yet.

use client::model::Phase;
use leptos::prelude::*;

use super::{countdown::remaining, door::Door};
use crate::{
    browser::clock::{self, ticking},
    state::Meeting,
    text::text,
};

/// When it starts, and how long that is. The client enters by itself.
#[component]
pub(crate) fn Early() -> impl IntoView {
    let store = Meeting::expect().store;
    // while it is entered, the phase knows no start any more
    let start = Memo::new(
        move |before: Option<&Option<u64>>| match store.phase.get() {
            // 0 is unknown
            Phase::Early { starts_at } => (starts_at > 0).then_some(starts_at),
            _ => before.copied().flatten(),
        },
    );
    view! {
        <Door explanation=text().lobby.early with_preview=true>
            {move || start.get().map(|start| view! { <Countdown start=start /> })}
        </Door>
    }
}

/// The start in the reader's own time, and the time until then.
#[component]
pub(crate) fn Countdown(
    /// Milliseconds since 1970.
    start: u64,
) -> impl IntoView {
    let words = text();
    let now = ticking();
    let moment = move || now.get().map(|_| clock::day_and_time(start, words.lang));
    let machine = move || now.get().map(|_| clock::machine_time(start));
    let says = move || {
        let left = remaining(now.get()?, start);
        Some(if left.is_over() {
            words.lobby.early_now.to_owned()
        } else {
            let clock = left.clock();
            let time = match left.days {
                0 => clock,
                // not every language has this comma, and all do without it
                days => format!("{} {clock}", words.lobby.early_days.of(days)),
            };
            words.lobby.early_in.with(time)
        })
    };
    view! {
        <dl class="start">
            <dt>{words.lobby.early_start}</dt>
            <dd>
                <time datetime=machine>{moment}</time>
            </dd>
        </dl>
        // told when it is asked for: every second would be too much to listen to
        <p class="start__in" role="timer">
            {says}
        </p>
    }
}
