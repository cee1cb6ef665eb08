//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use super::status::{Answer, answer};
use crate::{components::Logo, text::text};

/// Says that there is nothing, and offers the way back.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    answer(Answer::NotFound);
    let words = text();
    view! {
        <Title text=words.problem.not_found />
        <main class="plain">
            <Logo />
            <h1>{words.problem.not_found}</h1>
            <p>{words.problem.not_found_hint}</p>
            <p class="actions">
                <a class="button button--primary" href="/">
                    {words.common.to_start}
                </a>
            </p>
        </main>
    }
}
