//! Loading a part: as soon as the page is there, again a few times where that
//! fails, and then when the participant says so.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{Draw, NotLoaded, Part};
use crate::text::text;

/// The pauses before it is asked for again by itself.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// How far it is.
#[derive(Debug, Clone, Copy)]
enum State {
    Coming,
    Here(Draw),
    Missing,
}

/// A part on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loading {
    part: Part,
    state: RwSignal<State>,
}

impl Part {
    /// Has the part loaded as soon as the page is there.
    pub(crate) fn load(self) -> Loading {
        let state = RwSignal::new(State::Coming);
        let loading = Loading { part: self, state };
        Effect::new(move |_| loading.ask(0));
        loading
    }
}

impl Loading {
    /// What the part draws; else what is shown meanwhile, or that it is missing.
    /// Tracks.
    pub(crate) fn view_or(self, meanwhile: fn() -> AnyView) -> AnyView {
        match self.state.get() {
            State::Here(draw) => draw(),
            State::Coming => meanwhile(),
            State::Missing => self.missing(),
        }
    }

    fn ask(self, failures: usize) {
        spawn_local(async move {
            let loaded = self.part.fetch().await;
            // a page that is left takes nothing any more
            if self.state.is_disposed() {
                return;
            }
            match (loaded, PAUSES.get(failures)) {
                (Ok(draw), _) => self.state.set(State::Here(draw)),
                (Err(NotLoaded), Some(pause)) => {
                    set_timeout(move || self.ask(failures + 1), *pause);
                }
                (Err(NotLoaded), None) => self.state.set(State::Missing),
            }
        });
    }

    fn missing(self) -> AnyView {
        let again = move |_| {
            self.state.set(State::Coming);
            self.ask(PAUSES.len());
        };
        view! {
            <main class="plain">
                <p role="alert">{move || text().common.part_missing}</p>
                <p class="actions">
                    <button type="button" class="button button--primary" on:click=again>
                        {move || text().ended.try_again}
                    </button>
                </p>
            </main>
        }
        .into_any()
    }
}

/// What is shown until a part is there.
pub(crate) fn loading() -> AnyView {
    view! { <p role="status">{text().common.loading}</p> }.into_any()
}
