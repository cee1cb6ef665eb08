//! A private room: it is made with a PIN of four digits that everybody who
//! comes in has to know. Needs script, since the server has to be asked.

mod request;

use leptos::{ev, html, prelude::*, task::spawn_local};
use protocol::RoomKind;

use super::{
    links::{asked_language, with_language},
    room_links::{RoomLinks, own_way},
};
use crate::{components::CopyButton, text::text};
use request::{Failure, Made, Pin, make};

/// How far making one has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Progress {
    /// The PIN is being chosen.
    Choosing,
    /// The server was asked.
    Asked,
    /// There is none, and why.
    Failed(Failure),
    /// It is there.
    Made(Made),
}

/// Makes a private room, and shows link and PIN together.
#[component]
pub(super) fn PrivateRoom(kind: RoomKind) -> impl IntoView {
    let words = &text().private;
    let progress = RwSignal::new(Progress::Choosing);
    let made = Memo::new(move |_| match progress.get() {
        Progress::Made(made) => Some(made),
        Progress::Choosing | Progress::Asked | Progress::Failed(_) => None,
    });
    view! {
        <section class="private" aria-labelledby="private-room">
            <h2 id="private-room">{words.title}</h2>
            <p class="field__hint">{words.hint}</p>
            {move || match made.get() {
                Some(made) => view! { <Ready kind=kind made=made progress=progress /> }.into_any(),
                None => view! { <Choice kind=kind progress=progress /> }.into_any(),
            }}
            <noscript>
                <p>{words.needs_script}</p>
            </noscript>
        </section>
    }
}

/// The PIN to choose, and the button.
#[component]
fn Choice(kind: RoomKind, progress: RwSignal<Progress>) -> impl IntoView {
    let words = &text().private;
    let field = NodeRef::<html::Input>::new();
    let asked = move || progress.with(|progress| *progress == Progress::Asked);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value());
        // the browser has said already what is wrong with another one
        let Some(pin) = typed.as_deref().and_then(Pin::parse) else {
            return;
        };
        progress.set(Progress::Asked);
        spawn_local(async move {
            let outcome = make(kind, pin).await;
            let _ = progress.try_set(match outcome {
                Ok(made) => Progress::Made(made),
                Err(failure) => Progress::Failed(failure),
            });
        });
    };
    let failure = move || match progress.get() {
        Progress::Failed(failure) => Some(match failure {
            Failure::Unreachable => words.unreachable,
            Failure::TooMany => words.too_many,
            Failure::ByToken => words.by_token,
            Failure::Refused => words.refused,
        }),
        Progress::Choosing | Progress::Asked | Progress::Made(_) => None,
    };
    view! {
        <form class="room-form needs-script" on:submit=submit>
            <label class="field private__pin">
                <span class="field__label">{words.pin}</span>
                <input
                    class="input"
                    name="pin"
                    node_ref=field
                    required
                    maxlength="4"
                    pattern="[0-9]{4}"
                    inputmode="numeric"
                    title=words.pin_rule
                    autocomplete="off"
                    enterkeyhint="go"
                />
            </label>
            <button class="button" type="submit" prop:disabled=asked>
                {move || if asked() { words.making } else { words.make }}
            </button>
        </form>
        <p class="field__hint" role="alert" data-wrong="true">
            {failure}
        </p>
    }
}

/// Link and PIN, to be passed on together.
#[component]
fn Ready(kind: RoomKind, made: Made, progress: RwSignal<Progress>) -> impl IntoView {
    let words = text();
    let origin = window().location().origin().unwrap_or_default();
    let link = format!("{origin}{}", made.path);
    let pin = made.pin.as_str().to_owned();
    let both = words
        .private
        .both
        .fill_plain(&[("link", link.as_str()), ("pin", pin.as_str())]);
    let enter = with_language(&own_way(kind, made.path), asked_language());
    let heading = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    view! {
        <p class="explained__title" tabindex="-1" node_ref=heading>
            {words.private.made}
        </p>
        <div class="private__made">
            <div class="private__links">
                <RoomLinks kind=kind room=Signal::stored(link) />
            </div>
            <p class="link-box">
                <span class="field__label">{words.private.pin_short}</span>
                <output class="link-box__link">{pin}</output>
            </p>
        </div>
        <div class="actions">
            <a class="button button--primary" href=enter rel="external">
                {words.home.enter}
            </a>
            <CopyButton what=move |()| both.clone() label=words.private.copy />
            <button
                type="button"
                class="button button--quiet"
                on:click=move |_| progress.set(Progress::Choosing)
            >
                {words.private.another}
            </button>
        </div>
    }
}
