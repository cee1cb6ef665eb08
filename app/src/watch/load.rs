//! Asks the server for a video until its answer is final.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::answer::Answer;

/// The time from an answer that may change to the next question.
const AGAIN: Duration = Duration::from_secs(3);

/// Asks now, and again while the answer may be another one in a moment. Ends
/// with the page.
pub(super) fn keep_asking(id: String, query: String, answer: RwSignal<Option<Answer>>) {
    spawn_local(async move {
        let new = ask(&id, &query).await;
        let again = new.is_passing();
        // what is shown stays as it is while nothing changes: it would be
        // read out again
        let same = answer.try_with_untracked(|shown| shown.as_ref() == Some(&new));
        let Some(same) = same else { return };
        if !same {
            answer.set(Some(new));
        }
        if again {
            set_timeout(move || keep_asking(id, query, answer), AGAIN);
        }
    });
}

async fn ask(id: &str, query: &str) -> Answer {
    let id = js_sys::encode_uri_component(id);
    let address = format!("/streaming/videos/{id}?{query}");
    let asked = JsFuture::from(window().fetch_with_str(&address)).await;
    let Some(response) = asked
        .ok()
        .and_then(|response| response.dyn_into::<Response>().ok())
    else {
        return Answer::Unreachable;
    };
    let body = match response.text() {
        Ok(body) => JsFuture::from(body)
            .await
            .ok()
            .and_then(|body| body.as_string()),
        Err(_) => None,
    };
    Answer::of(response.status(), &body.unwrap_or_default())
}
