//! The player of a recording: what is on show, what it is waiting for, or why
//! there is nothing to see. Loaded on its own page only.
//!
//! The page's query goes along with every question: it is what the server
//! signed.

#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "the browser asks")
)]
mod answer;
mod facts;
#[cfg(target_arch = "wasm32")]
mod load;
mod player;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use crate::{
    components::{LanguageFoot, Logo},
    text::{Explanation, text},
};
use answer::Answer;
use facts::{Facts, Volumes};
use player::Player;

/// The page of one video.
#[component]
pub(crate) fn Watch() -> impl IntoView {
    let answer = ask();
    view! {
        <main class="watch">
            {move || match answer.get() {
                None => view! { <p role="status">{text().common.loading}</p> }.into_any(),
                Some(Answer::Ready(video)) => {
                    view! {
                        <Player video=(*video).clone() />
                        <Facts video=(*video).clone() />
                        <Volumes video=*video />
                    }
                        .into_any()
                }
                Some(other) => view! { <Said answer=other /> }.into_any(),
            }}
            <LanguageFoot />
        </main>
    }
}

/// Asks the server, and again for as long as the answer may be another one.
fn ask() -> RwSignal<Option<Answer>> {
    let answer = RwSignal::new(None::<Answer>);
    let id = use_params_map().read_untracked().get("video");
    let search = use_location().search.get_untracked();
    let query = search.trim_start_matches('?').to_owned();
    #[cfg(target_arch = "wasm32")]
    Effect::new(move |_| load::keep_asking(id.clone().unwrap_or_default(), query.clone(), answer));
    #[cfg(not(target_arch = "wasm32"))]
    drop((id, query));
    answer
}

/// Why there is nothing to see, or what is waited for.
#[component]
fn Said(answer: Answer) -> impl IntoView {
    let words = &text().watch;
    let percent = match answer {
        Answer::Processing(percent) => percent,
        _ => None,
    };
    let waits = matches!(answer, Answer::Processing(_));
    let Explanation { title, hint } = match answer {
        Answer::Live => words.live,
        Answer::Processing(_) => words.processing,
        Answer::Failed => words.failed,
        Answer::Gone => words.gone,
        Answer::Expired => words.expired,
        Answer::Denied => words.denied,
        Answer::Ready(_) | Answer::Unreachable => words.unreachable,
    };
    view! {
        <div class="watch__said" role="status">
            <Logo />
            <h1>{title}</h1>
            <p>{hint}</p>
        </div>
        {waits
            .then(|| {
                view! {
                    <div class="watch__progress">
                        <progress class="progress" max="100" aria-label=title value=percent.map(|p| p.to_string())></progress>
                        {percent.map(|percent| view! { <span>{format!("{percent} %")}</span> })}
                    </div>
                }
            })}
    }
}
