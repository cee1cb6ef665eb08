//! One message: who, when, what, and how far it got.

use std::sync::Arc;

use client::{Intent, model::Delivery};
use leptos::prelude::*;

use crate::{
    browser::clock,
    state::{Line, Meeting},
    text::{Piece, pieces, text},
};

/// A message; the first of a group has a name and a time above it.
#[component]
pub(super) fn Message(line: Arc<Line>, starts: bool) -> impl IntoView {
    let own = Meeting::expect()
        .store
        .me
        .with_untracked(|me| me.is_some() && *me == line.message.from);
    let head = starts.then(|| head(&line, own));
    let body = pieces(&line.message.text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(link) => view! {
                // a direction of its own, whatever marks stand before it
                <a href=link.to_owned() dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
                    {link.to_owned()}
                </a>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <article class="message" data-own=own.then_some("true")>
            {head} <p class="message__text" dir="auto">
                {body}
            </p> <DeliveryState line=line />
        </article>
    }
}

fn head(line: &Line, own: bool) -> impl IntoView + use<> {
    let words = text();
    let message = &line.message;
    let organiser = message.from.is_none();
    let name = match (own, message.display_name.as_str()) {
        (true, _) => words.chat.you,
        (false, "") if organiser => words.common.organiser,
        (false, "") => words.common.guest,
        (false, name) => name,
    };
    // under a name of its own it is said besides whose word it is
    let tag = (organiser && !message.display_name.as_str().is_empty())
        .then(|| view! { <span class="message__tag">{words.common.organiser}</span> });
    let name = name.to_owned();
    let sent_at = message.sent_at;
    view! {
        <header class="message__head">
            <span class="message__name" dir="auto">
                {name}
            </span>
            {tag}
            {(sent_at > 0)
                .then(|| {
                    view! {
                        <time datetime=clock::machine_time(sent_at)>
                            {clock::time_of_day(sent_at, words.lang)}
                        </time>
                    }
                })}
        </header>
    }
}

/// On its way, or refused with a way to try again. Delivered needs no words.
#[component]
fn DeliveryState(line: Arc<Line>) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = &text().chat;
    move || {
        let nonce = line.message.nonce.clone();
        match line.delivery.get() {
            Delivery::Delivered => ().into_any(),
            Delivery::Sending => view! { <p class="message__state">{words.sending}</p> }.into_any(),
            Delivery::Failed(_) => view! {
                <p class="message__state message__state--failed">
                    {words.failed} " "
                    <button
                        type="button"
                        class="link"
                        on:click=move |_| meeting.send(Intent::RetryChat(nonce.clone()))
                    >
                        {words.retry}
                    </button>
                </p>
            }
            .into_any(),
        }
    }
}
