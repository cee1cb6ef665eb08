//! A button that copies a text and says that it did.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::Icon;
use crate::{browser::clipboard, text::text};

/// How long the feedback stays.
const FEEDBACK: Duration = Duration::from_secs(3);

/// How the last click went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    None,
    Copied,
    Refused,
}

/// Copies what `what` gives at the click.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] what: Callback<(), String>,
    /// The button's name.
    label: &'static str,
    /// Whether there is nothing to copy now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let words = &text().common;
    let outcome = RwSignal::new(Outcome::None);
    let copy = move |_| {
        let copied = what.run(());
        spawn_local(async move {
            let done = clipboard::copy(copied).await;
            let _ = outcome.try_set(match done {
                true => Outcome::Copied,
                false => Outcome::Refused,
            });
            set_timeout(
                move || {
                    let _ = outcome.try_set(Outcome::None);
                },
                FEEDBACK,
            );
        });
    };
    let said = move || match outcome.get() {
        Outcome::None => "",
        Outcome::Copied => words.copied,
        Outcome::Refused => words.copy_failed,
    };
    view! {
        <span class="copy needs-script">
            <button type="button" class="button" prop:disabled=move || disabled.get() on:click=copy>
                {move || match outcome.get() {
                    Outcome::Copied => view! { <Icon glyph=icondata::LuCheck /> },
                    _ => view! { <Icon glyph=icondata::LuCopy /> },
                }}
                {label}
            </button>
            <span class="copy__said" role="status">
                {said}
            </span>
        </span>
    }
}
