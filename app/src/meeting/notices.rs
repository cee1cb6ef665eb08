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

/// The most toasts at one time; older ones that ask for nothing are gone.
const MOST: usize = 3;

/// The toasts. Failures are told at once and stay until they are dismissed,
/// the rest is told when there is time and goes by itself.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let meeting = Meeting::expect();
    let notices = meeting.store.notices;
    let latest = move |urgent: bool| notices.with(|notices| latest(notices, urgent));
    Effect::new(move |_| {
        for id in notices.with(|notices| outdated(notices)) {
            meeting.send(Intent::DismissNotice(id));
        }
    });
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

/// The toasts of one kind, oldest first.
fn latest(notices: &[Notice], urgent: bool) -> Vec<Notice> {
    let mut latest: Vec<Notice> = of_kind(notices, urgent).take(MOST).cloned().collect();
    latest.reverse();
    latest
}

/// What newer toasts took the place of: shown later it would be old news.
fn outdated(notices: &[Notice]) -> Vec<NoticeId> {
    let older = of_kind(notices, false).skip(MOST);
    older.map(|notice| notice.id).collect()
}

/// Newest first.
fn of_kind(notices: &[Notice], urgent: bool) -> impl Iterator<Item = &Notice> {
    let newest_first = notices.iter().rev();
    newest_first.filter(move |notice| is_urgent(&notice.kind) == urgent)
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

#[cfg(test)]
mod tests {
    use client::model::DeviceFailure;

    use super::*;

    fn notices(kinds: impl IntoIterator<Item = NoticeKind>) -> Vec<Notice> {
        let numbered = (1..).zip(kinds);
        numbered.map(|(id, kind)| Notice { id, kind }).collect()
    }

    fn ids(notices: &[Notice]) -> Vec<NoticeId> {
        notices.iter().map(|notice| notice.id).collect()
    }

    #[test]
    fn what_made_room_for_newer_toasts_does_not_come_back() {
        let notices = notices(vec![NoticeKind::Reconnected; 5]);
        assert_eq!(ids(&latest(&notices, false)), [3, 4, 5]);
        assert_eq!(outdated(&notices), [2, 1]);
    }

    #[test]
    fn failures_wait_for_their_turn() {
        let failed = NoticeKind::ShareFailed(DeviceFailure::Other);
        let notices = notices(vec![failed; 5]);
        assert_eq!(ids(&latest(&notices, true)), [3, 4, 5]);
        assert!(outdated(&notices).is_empty());
    }
}
