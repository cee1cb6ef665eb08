//! Toasts: what is worth telling once.

use std::time::Duration;

use client::{
    Intent,
    model::{Notice, NoticeId, NoticeKind},
};
use leptos::prelude::*;
use protocol::{DisplayName, Source};

use crate::{
    components::Icon,
    state::Meeting,
    text::{Explanation, Text, Which, text},
};

/// How long a toast stays that asks for nothing.
const STAYS: Duration = Duration::from_secs(5);

/// The most toasts at one time; older ones wait no longer.
const MOST: usize = 3;

/// The toasts. Failures are told at once and stay until they are dismissed,
/// the rest is told when there is time and goes by itself.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let notices = Meeting::expect().store.notices;
    let latest = move |urgent: bool| {
        let mut latest: Vec<Notice> = notices.with(|notices| {
            let wanted = notices.iter().rev();
            wanted
                .filter(|notice| is_urgent(&notice.kind) == urgent)
                .take(MOST)
                .cloned()
                .collect()
        });
        latest.reverse();
        latest
    };
    view! {
        <div class="toasts">
            <div role="alert">
                <For each=move || latest(true) key=|notice| notice.id children=|notice| view! { <Toast notice=notice /> } />
            </div>
            <div role="status">
                <For each=move || latest(false) key=|notice| notice.id children=|notice| view! { <Toast notice=notice /> } />
            </div>
        </div>
    }
}

/// One of them.
#[component]
fn Toast(notice: Notice) -> impl IntoView {
    let meeting = Meeting::expect();
    let id = notice.id;
    let urgent = is_urgent(&notice.kind);
    if !urgent {
        dismiss_later(meeting, id);
    }
    let told = told(text(), &notice.kind);
    view! {
        <div class="toast" data-urgent=urgent.then_some("true")>
            <div class="toast__text">
                <p>{told.title}</p>
                {told.hint.map(|hint| view! { <p class="explained__hint">{hint}</p> })}
            </div>
            <button
                type="button"
                class="icon-button"
                aria-label=text().notice.dismiss
                on:click=move |_| meeting.send(Intent::DismissNotice(id))
            >
                <Icon glyph=icondata::LuX />
            </button>
        </div>
    }
}

fn dismiss_later(meeting: Meeting, id: NoticeId) {
    let timer = set_timeout_with_handle(move || meeting.send(Intent::DismissNotice(id)), STAYS);
    if let Ok(timer) = timer {
        on_cleanup(move || timer.clear());
    }
}

/// What stands in a toast.
struct Told {
    title: String,
    hint: Option<&'static str>,
}

impl From<String> for Told {
    fn from(title: String) -> Self {
        Self { title, hint: None }
    }
}

impl From<&'static str> for Told {
    fn from(title: &'static str) -> Self {
        title.to_owned().into()
    }
}

impl From<Explanation> for Told {
    fn from(explanation: Explanation) -> Self {
        Self {
            title: explanation.title.to_owned(),
            hint: Some(explanation.hint),
        }
    }
}

fn is_urgent(kind: &NoticeKind) -> bool {
    match kind {
        NoticeKind::DeviceLost(_) | NoticeKind::DeviceFailed(..) | NoticeKind::ShareFailed(_) => {
            true
        }
        NoticeKind::Joined(..)
        | NoticeKind::Left(..)
        | NoticeKind::ShareStarted(..)
        | NoticeKind::Reconnected
        | NoticeKind::DeviceReplaced { .. } => false,
    }
}

fn told(words: &Text, kind: &NoticeKind) -> Told {
    let name = |name: &DisplayName| match name.as_str() {
        "" => words.common.guest.to_owned(),
        name => name.to_owned(),
    };
    let notice = &words.notice;
    match kind {
        NoticeKind::Joined(_, who) => (notice.joined)(&name(who)).into(),
        NoticeKind::Left(_, who) => (notice.left)(&name(who)).into(),
        NoticeKind::ShareStarted(_, who) => (notice.share_started)(&name(who)).into(),
        NoticeKind::Reconnected => notice.reconnected.into(),
        NoticeKind::DeviceReplaced { source, label } => match source {
            Source::Camera => (notice.camera_replaced)(label).into(),
            _ => (notice.microphone_replaced)(label).into(),
        },
        NoticeKind::DeviceLost(Source::Camera) => notice.camera_lost.into(),
        NoticeKind::DeviceLost(_) => notice.microphone_lost.into(),
        NoticeKind::DeviceFailed(source, failure) => {
            let which = match source {
                Source::Camera => Which::Camera,
                _ => Which::Microphone,
            };
            (words.devices.failure)(which, *failure).into()
        }
        NoticeKind::ShareFailed(failure) => (words.devices.share_failure)(*failure).into(),
    }
}
