//! What was written, oldest first.

use std::sync::Arc;

use leptos::prelude::*;

use super::{follow::Follow, message::Message};
use crate::{
    components::Icon,
    state::{Line, Meeting},
    text::text,
};

/// Messages of one person within this time stand under one name, in milliseconds.
const TOGETHER: u64 = 5 * 60 * 1_000;

/// A message, and whether it starts a group under a name.
type Entry = (Arc<Line>, bool);

/// The messages. Follows the newest one, unless somebody is reading back.
#[component]
pub(super) fn History(sent: RwSignal<u32>) -> impl IntoView {
    let chat = Meeting::expect().store.chat;
    let words = text();
    let count = Signal::derive(move || chat.with(Vec::len));
    let follow = Follow::new(count, sent);
    let to_newest = move || match follow.has_news() {
        true => words.chat.newer,
        false => words.chat.newest,
    };
    view! {
        <div class="chat__frame">
            <div
                class="chat__log"
                role="log"
                aria-label=words.meeting.chat
                tabindex="0"
                node_ref=follow.log
                on:scroll=move |_| follow.on_scroll()
            >
                <Show when=move || count.get() == 0>
                    <p class="chat__empty">{words.chat.empty}</p>
                </Show>
                <For
                    each=move || entries(&chat.read())
                    key=|(line, starts)| {
                        (line.message.from.clone(), line.message.nonce.clone(), *starts)
                    }
                    children=|(line, starts)| view! { <Message line=line starts=starts /> }
                />
            </div>
            <Show when=move || !follow.is_at_end()>
                <button
                    type="button"
                    class="button chat__newer"
                    on:click=move |_| follow.to_end()
                >
                    <Icon glyph=icondata::LuArrowDown />
                    {to_newest}
                </button>
            </Show>
        </div>
    }
}

fn entries(lines: &[Arc<Line>]) -> Vec<Entry> {
    let before = std::iter::once(None).chain(lines.iter().map(Some));
    lines
        .iter()
        .zip(before)
        .map(|(line, before)| {
            let starts = before.is_none_or(|before| !goes_with(before, line));
            (Arc::clone(line), starts)
        })
        .collect()
}

fn goes_with(before: &Line, line: &Line) -> bool {
    let (before, line) = (&before.message, &line.message);
    before.from == line.from
        && before.display_name == line.display_name
        && line.sent_at.saturating_sub(before.sent_at) < TOGETHER
}
