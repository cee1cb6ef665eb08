//! What those who may record find among the moderator's controls: the button,
//! how far the recording is, or why there can be none.

use leptos::prelude::*;
use protocol::RecordingState;

use super::{is_on, press, progress::elapsed, state, why_not};
use crate::{
    components::Icon,
    state::{Desk, Meeting, Store},
    text::text,
};

/// The button with what there is to say about it.
#[component]
pub(in crate::meeting) fn RecordingControl() -> impl IntoView {
    let store = Meeting::expect().store;
    let shown = Memo::new(move |_| store.may_record());
    view! {
        <Show when=move || shown.get()>
            <div class="controls__record">
                <RecordButton />
                <div id="recording-state" class="controls__record-state">
                    <Stand />
                </div>
            </div>
        </Show>
    }
}

#[component]
fn RecordButton() -> impl IntoView {
    let store = Meeting::expect().store;
    let desk = expect_context::<Desk>();
    let words = &text().recording;
    let on = Memo::new(move |_| is_on(store));
    let denied = Memo::new(move |_| why_not(store));
    let title = move || denied.get().map(|why| words.why_not(why).title);
    view! {
        <button
            type="button"
            class="button button--small"
            data-recording=move || on.get().then_some("true")
            aria-disabled=move || denied.get().map(|_| "true")
            aria-describedby="recording-state"
            title=title
            on:click=move |_| press(store, desk)
        >
            {move || match on.get() {
                true => view! { <Icon glyph=icondata::LuCircleStop /> },
                false => view! { <Icon glyph=icondata::LuCircleDot /> },
            }}
            {move || match on.get() {
                true => words.stop,
                false => words.start,
            }}
        </button>
    }
}

/// How far the recording is.
#[component]
fn Stand() -> impl IntoView {
    let store = Meeting::expect().store;
    let words = &text().recording;
    let state = Memo::new(move |_| state(store));
    move || match state.get() {
        Some(RecordingState::Recording) => view! { <Running /> }.into_any(),
        Some(RecordingState::Processing) => view! { <Processing /> }.into_any(),
        Some(RecordingState::Starting) => said(words.starting, None),
        Some(RecordingState::Ready) => said(words.ready.title, Some(words.ready.hint)),
        Some(RecordingState::Failed) => said(words.failed.title, Some(words.failed.hint)),
        Some(RecordingState::Unknown) | None => why_not(store)
            .map(|why| words.why_not(why))
            .map_or_else(|| ().into_any(), |why| said(why.title, Some(why.hint))),
    }
}

fn said(title: &'static str, hint: Option<&'static str>) -> AnyView {
    view! {
        <p role="status">{title}</p>
        {hint.map(|hint| view! { <small>{hint}</small> })}
    }
    .into_any()
}

/// It runs: since when.
#[component]
fn Running() -> impl IntoView {
    let store = Meeting::expect().store;
    let elapsed = elapsed(store);
    view! {
        <p>
            <span class="recording__dot" aria-hidden="true"></span>
            {text().recording.badge}
            <span class="recording__time" role="timer" dir="ltr">
                {elapsed}
            </span>
        </p>
    }
}

/// It is being prepared: how far.
#[component]
fn Processing() -> impl IntoView {
    let store = Meeting::expect().store;
    let words = &text().recording;
    let percent = Memo::new(move |_| percent(store));
    let says = move || match percent.get() {
        Some(percent) => words.processing_percent.with(percent.to_string()),
        None => words.processing.to_owned(),
    };
    view! {
        <p>{says}</p>
        <progress
            class="progress"
            max="100"
            aria-label=words.processing
            value=move || percent.get().map(|percent| percent.to_string())
        ></progress>
    }
}

fn percent(store: Store) -> Option<u8> {
    store
        .recording
        .with(|recording| recording.as_ref().and_then(|recording| recording.progress))
}
