//! What was written, oldest first. Follows the newest message, unless somebody
//! is reading back.

use std::sync::Arc;

use leptos::{html, prelude::*};

use super::message::Message;
use crate::{
    components::Icon,
    state::{Line, Meeting},
    text::text,
};

/// So near to the end counts as being there, in CSS pixels.
const NEAR: i32 = 48;

/// Messages of one person within this time stand under one name, in milliseconds.
const TOGETHER: u64 = 5 * 60 * 1_000;

/// A message, and whether it starts a group under a name.
type Entry = (Arc<Line>, bool);

/// The messages.
#[component]
pub(super) fn History(sent: RwSignal<u32>) -> impl IntoView {
    let chat = Meeting::expect().store.chat;
    let log = NodeRef::<html::Div>::new();
    let at_end = RwSignal::new(true);
    // how many messages there were when the end was last in sight
    let seen = RwSignal::new(0_usize);
    let to_end = move || {
        if let Some(log) = log.get_untracked() {
            log.set_scroll_top(log.scroll_height());
        }
    };
    Effect::new(move |_| {
        let count = chat.with(Vec::len);
        if count > 0 && log.get().is_some() && at_end.get_untracked() {
            // the new message has no height before the next frame
            request_animation_frame(to_end);
        }
    });
    Effect::new(move |before: Option<()>| {
        sent.track();
        if before.is_some() {
            at_end.set(true);
        }
    });
    Effect::new(move |_| {
        let count = chat.with(Vec::len);
        if at_end.get() {
            seen.set(count);
        }
    });
    let newer = move || chat.with(Vec::len) > seen.get();
    let on_scroll = move |_| {
        if let Some(log) = log.get_untracked() {
            let left = log.scroll_height() - log.scroll_top() - log.client_height();
            at_end.set(left < NEAR);
        }
    };
    let to_newest = move |_| {
        at_end.set(true);
        to_end();
    };
    view! {
        <div class="chat__frame">
            <div
                class="chat__log"
                role="log"
                aria-label=text().meeting.chat
                tabindex="0"
                node_ref=log
                on:scroll=on_scroll
            >
                <Show when=move || chat.with(Vec::is_empty)>
                    <p class="chat__empty">{text().chat.empty}</p>
                </Show>
                <For
                    each=move || entries(&chat.read())
                    key=|(line, starts)| (line.message.from.clone(), line.message.nonce.clone(), *starts)
                    children=|(line, starts)| view! { <Message line=line starts=starts /> }
                />
            </div>
            <Show when=move || !at_end.get()>
                <button type="button" class="button chat__newer" on:click=to_newest>
                    <Icon glyph=icondata::LuArrowDown />
                    {move || if newer() { text().chat.newer } else { text().chat.newest }}
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
        .map(|(line, before)| (Arc::clone(line), before.is_none_or(|b| !goes_with(b, line))))
        .collect()
}

fn goes_with(before: &Line, line: &Line) -> bool {
    let (before, line) = (&before.message, &line.message);
    before.from == line.from
        && before.display_name == line.display_name
        && line.sent_at.saturating_sub(before.sent_at) < TOGETHER
}
