//! The recorder's own page: shows the meeting as viewers see it, without
//! anything to click, and records itself.
//!
//! The server opens it in a browser that nobody sees and supervises it; what
//! is to be done when is decided by [`run`]. Nobody else gets to see this
//! page: without a one-time token it does not join.

mod beat;
#[cfg(target_arch = "wasm32")]
mod capture;
#[cfg(target_arch = "wasm32")]
mod ingest;
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "recordings are made in the browser")
)]
mod run;
#[cfg(target_arch = "wasm32")]
mod studio;
#[cfg(target_arch = "wasm32")]
mod volume;

use client::model::Phase;
use leptos::prelude::*;

use crate::{meeting::stage::Stage, state::Meeting};
use beat::Beat;

/// The one-time token in the query of the page's address.
pub(crate) fn token(query: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, token) = pairs.find(|(name, _)| *name == "recorder")?;
    Some(token.to_owned())
}

/// The meeting and nothing else.
#[component]
pub(crate) fn RecorderScreen() -> impl IntoView {
    let store = Meeting::expect().store;
    // until it is over: a stage that is made anew would blink
    let shown = Memo::new(move |before: Option<&bool>| {
        before == Some(&true) || store.phase.with(|phase| *phase == Phase::Joined)
    });
    Effect::new(move |_| mark_document());
    #[cfg(target_arch = "wasm32")]
    supervised::record();
    view! {
        <main class="recorder">{move || shown.get().then(|| view! { <Stage /> })}</main>
        <Beat />
    }
}

/// Colours and motion are another style's business here.
fn mark_document() {
    if let Some(root) = document().document_element() {
        // cannot fail: the names are valid attributes
        let _ = root.set_attribute("data-theme", "dark");
        let _ = root.set_attribute("data-recorder", "true");
    }
}

/// The name and the text of an exception.
#[cfg(target_arch = "wasm32")]
fn said(error: &wasm_bindgen::JsValue) -> String {
    let part = |key: &str| {
        let value = js_sys::Reflect::get(error, &key.into()).ok();
        value
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    };
    format!("{}: {}", part("name"), part("message"))
}

#[cfg(target_arch = "wasm32")]
mod supervised {
    //! What of the meeting concerns the recording.

    use std::time::Duration;

    use client::{
        LipSync,
        model::{EndReason, Phase},
    };
    use leptos::{prelude::*, task::spawn_local};

    use super::{run::Input, studio::Studio, token};
    use crate::{page::Page, state::Meeting};

    /// A meeting that is over ends its recording by the server's word. Only if
    /// none comes for so long something is wrong.
    const FAREWELL: Duration = Duration::from_secs(5);

    /// How often picture and sound are compared. More often is guessing: who is
    /// silent sends a packet each 400 ms.
    const LOOK: Duration = Duration::from_secs(1);

    /// Records for as long as the calling component stands.
    pub(super) fn record() {
        let meeting = Meeting::expect();
        let store = meeting.store;
        let token = Page::expect().given(|given| token(&given.query));
        let studio = StoredValue::new_local(None::<Studio>);
        let tell = move |input: Input| {
            studio.try_with_value(|studio| {
                if let Some(studio) = studio {
                    studio.put(input);
                }
            });
        };
        Effect::new(move |_| {
            let token = token.clone().unwrap_or_default();
            studio.set_value(Some(Studio::open(token, move || meeting.close())));
        });
        Effect::new(move |_| {
            if let Some(input) = store.phase.with(concerns) {
                match input {
                    Input::Failed(_) => set_timeout(move || tell(input), FAREWELL),
                    input => tell(input),
                }
            }
        });
        keep_lips(meeting);
        Effect::new(move |_| {
            if store.audio_blocked.get() {
                tell(Input::Failed("the browser holds the sound back".to_owned()));
            }
        });
    }

    /// Keeps picture and sound together for as long as the calling component
    /// stands.
    fn keep_lips(meeting: Meeting) {
        let lips = LipSync::default();
        let adjust = move || {
            let (lips, engine) = (lips.clone(), meeting.engine());
            spawn_local(async move {
                if let Some(engine) = engine {
                    lips.adjust(&engine).await;
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(adjust, LOOK) {
            on_cleanup(move || timer.clear());
        }
    }

    /// What a phase means for the recording.
    fn concerns(phase: &Phase) -> Option<Input> {
        let failed = |reason: String| Some(Input::Failed(reason));
        match phase {
            Phase::Prejoin | Phase::Joining { .. } | Phase::Reconnecting { .. } => None,
            Phase::Joined => Some(Input::Joined),
            Phase::Early { .. } | Phase::AskPin(_) | Phase::Waiting => {
                failed("the room does not let the recorder in".to_owned())
            }
            Phase::Ended(EndReason::Refused(error)) => {
                failed(format!("the room ended: {:?}", error.code))
            }
            Phase::Ended(reason) => failed(format!("the room ended: {reason:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn the_token_stands_in_the_query() {
        assert_eq!(token("roomId=x&recorder=a-b_c").as_deref(), Some("a-b_c"));
        assert_eq!(token("roomId=recorder"), None);
        assert_eq!(token(""), None);
    }
}
