//! A moderator asks to switch something on. Nothing is switched on but by a
//! click here, and the focus stays where it is: somebody may be typing.

use client::{Intent, model::Asked};
use leptos::prelude::*;
use protocol::Source;

use crate::{components::Icon, state::Meeting, text::text};

/// What is asked, the oldest first, one at a time.
#[component]
pub(super) fn AskedCard() -> impl IntoView {
    let asked = Meeting::expect().store.asked;
    let first = Memo::new(move |_| asked.with(|asked| asked.first().cloned()));
    view! {
        <div class="asked" role="alert">
            {move || first.get().map(|asked| view! { <Card asked=asked /> })}
        </div>
    }
}

/// The question and its two answers.
#[component]
fn Card(asked: Asked) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = &text().asked;
    let source = asked.source;
    let (says, go, glyph) = match source {
        Source::Microphone => (words.microphone, words.turn_on, icondata::LuMic),
        Source::Camera => (words.camera, words.turn_on, icondata::LuVideo),
        Source::Screen | Source::ScreenAudio => {
            (words.screen, words.share, icondata::LuScreenShare)
        }
    };
    let common = &text().common;
    let name = match (&asked.by, asked.display_name.as_str()) {
        (None, _) => common.organiser,
        (Some(_), "") => common.guest,
        (Some(_), name) => name,
    };
    let says = says.with(name);
    let answer = move |yes| meeting.send(Intent::AnswerAsked(source, yes));
    let spoken = says.clone();
    view! {
        <div class="asked__card" role="group" aria-label=spoken>
            <Icon glyph=glyph />
            <p>{says}</p>
            <div class="asked__answers">
                <button type="button" class="button button--small" on:click=move |_| answer(false)>
                    {words.not_now}
                </button>
                <button
                    type="button"
                    class="button button--small button--primary"
                    on:click=move |_| answer(true)
                >
                    {go}
                </button>
            </div>
        </div>
    }
}
