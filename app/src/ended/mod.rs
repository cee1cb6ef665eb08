//! After the meeting, or instead of it: why, and the way on.

mod contact;
mod way;

use client::{
    Intent,
    model::{EndReason, Phase},
};
use leptos::{html, prelude::*};
use leptos_meta::Title;
use protocol::{ErrorCode, ErrorDetails};

use crate::{
    browser::{focus, reload},
    components::Logo,
    state::Meeting,
    text::text,
    waiting::Countdown,
};
use contact::Contact;
use way::Way;
#[cfg(any(test, target_arch = "wasm32"))]
pub(crate) use way::may_come_back;

/// The farewell, or the reason why the session ended or never began.
#[component]
pub(crate) fn Ended(reason: EndReason) -> impl IntoView {
    let words = text();
    let explanation = words.ended.explain(&reason);
    let way = Way::after(&reason);
    if way == Way::Reload {
        Effect::new(move |_| reload::once());
    }
    let (code, details) = refusal(reason);
    // what the integrator says takes the place of our own hint
    let hint = details
        .reason
        .unwrap_or_else(|| explanation.hint.to_owned());
    let start = details
        .starts_at
        .filter(|_| code == Some(ErrorCode::NotStarted));
    // where it is the only way, it looks like one
    let start_class = match way {
        Way::Elsewhere => "button",
        _ => "button button--quiet",
    };
    let heading = NodeRef::<html::H1>::new();
    focus::take(heading);
    view! {
        <Title text=explanation.title />
        <main class="plain">
            <Logo />
            <h1 node_ref=heading tabindex="-1">
                {explanation.title}
            </h1>
            <p dir="auto">{hint}</p>
            {start.map(|start| view! { <Countdown start=start /> })}
            {details.contact.as_deref().and_then(Contact::read).map(|contact| view! { <Turn contact=contact /> })}
            <p class="actions">
                <WayOn way=way />
                <a class=start_class href="/">
                    {words.common.to_start}
                </a>
            </p>
        </main>
    }
}

fn refusal(reason: EndReason) -> (Option<ErrorCode>, ErrorDetails) {
    match reason {
        EndReason::Left | EndReason::Replaced => (None, ErrorDetails::default()),
        EndReason::Refused(error) => (
            Some(error.code),
            error.details.map(|details| *details).unwrap_or_default(),
        ),
    }
}

/// Whom to turn to, by the integrator's own words.
#[component]
fn Turn(contact: Contact) -> impl IntoView {
    let shown = match contact {
        Contact::Words(words) => view! { <span dir="auto">{words}</span> }.into_any(),
        Contact::Link { words, href } => view! {
            <a href=href target="_blank" rel="noopener noreferrer" dir="ltr">
                {words}
            </a>
        }
        .into_any(),
    };
    view! {
        <dl class="start">
            <dt>{text().ended.contact}</dt>
            <dd>{shown}</dd>
        </dl>
    }
}

/// The button that leads on, if there is a way.
#[component]
fn WayOn(way: Way) -> impl IntoView {
    let meeting = Meeting::expect();
    let phase = meeting.store.phase;
    let words = &text().ended;
    let (label, busy) = match way {
        Way::Rejoin => (words.rejoin, words.rejoining),
        Way::TakeBack => (words.take_back, words.rejoining),
        Way::TryAgain => (words.try_again, words.trying),
        Way::Reload => (words.reload, words.reload),
        Way::Elsewhere => return ().into_any(),
    };
    let going = Memo::new(move |_| matches!(phase.get(), Phase::Joining { .. }));
    view! {
        <button
            type="button"
            class="button button--primary"
            prop:disabled=move || going.get()
            on:click=move |_| go(meeting, way)
        >
            {move || if going.get() { busy } else { label }}
        </button>
    }
    .into_any()
}

/// What was refused with the page itself is tried again with the page.
fn go(meeting: Meeting, way: Way) {
    let never_joined = meeting
        .store
        .phase
        .with_untracked(|phase| *phase == Phase::Prejoin);
    if way == Way::Reload || never_joined {
        reload::now();
    } else {
        meeting.send(Intent::Rejoin);
    }
}
