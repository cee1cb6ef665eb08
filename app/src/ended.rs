//! After the meeting: why it is over, and the way back.

use client::{
    Intent,
    model::{EndReason, Phase},
};
use leptos::{html, prelude::*};
use leptos_meta::Title;
use protocol::ErrorCode;

use crate::{browser::reload, components::Logo, state::Meeting, text::text};

/// The farewell, or the reason why the session ended.
#[component]
pub(crate) fn Ended(reason: EndReason) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = text();
    let explanation = (words.ended.explain)(reason);
    let rejoining = move || matches!(meeting.store.phase.get(), Phase::Joining { .. });
    let out_of_date = reason == EndReason::Refused(ErrorCode::ProtocolVersion);
    if out_of_date {
        Effect::new(move |_| reload::once());
    }
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        // while the page around this one is in use, its focus is not taken
        let in_use = document().has_focus().unwrap_or(true);
        if let Some(heading) = heading.get().filter(|_| in_use) {
            let _ = heading.focus();
        }
    });
    let way_back = if out_of_date {
        view! {
            <button type="button" class="button button--primary" on:click=move |_| reload::now()>
                {words.ended.reload}
            </button>
        }
        .into_any()
    } else {
        view! {
            <button
                type="button"
                class="button button--primary"
                prop:disabled=rejoining
                on:click=move |_| meeting.send(Intent::Rejoin)
            >
                {move || if rejoining() { words.ended.rejoining } else { words.ended.rejoin }}
            </button>
        }
        .into_any()
    };
    view! {
        <Title text=explanation.title />
        <main class="plain">
            <Logo />
            <h1 node_ref=heading tabindex="-1">
                {explanation.title}
            </h1>
            <p>{explanation.hint}</p>
            <p class="actions">
                {way_back} <a class="button button--quiet" href="/">
                    {words.common.to_start}
                </a>
            </p>
        </main>
    }
}
