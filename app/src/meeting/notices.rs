//! Toasts: what is worth telling once.

use std::time::Duration;

use client::{
    Intent,
    model::{Notice, NoticeId, NoticeKind},
};
use leptos::prelude::*;
use protocol::{DisplayName, Moderation, PeerId, Source};

use crate::{
    components::Icon,
    state::{Desk, Meeting, Panel},
    text::{Explanation, Text, Which, text},
};

/// How long a toast stays that asks for nothing.
const STAYS: Duration = Duration::from_secs(5);

/// How long one stays that should not be missed.
const STAYS_LONGER: Duration = Duration::from_secs(15);

/// The most toasts at one time; older ones that ask for nothing are gone.
const MOST: usize = 3;

/// The toasts. Failures are told at once and stay until they are dismissed,
/// the rest is told when there is time and goes by itself.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let meeting = Meeting::expect();
    let notices = meeting.store.notices;
    let latest = move |urgent: bool| notices.with(|notices| latest(notices, urgent));
    let desk = expect_context::<Desk>();
    Effect::new(move |_| {
        if desk.panel.get() == Some(Panel::People) {
            for id in notices.with(|notices| told_by_the_list(notices)) {
                meeting.send(Intent::DismissNotice(id));
            }
        }
    });
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

/// What the open list of people shows by itself.
fn told_by_the_list(notices: &[Notice]) -> Vec<NoticeId> {
    let told = notices.iter().filter(|notice| {
        let kind = &notice.kind;
        matches!(kind, NoticeKind::Waits(..) | NoticeKind::HandRaised(..))
    });
    told.map(|notice| notice.id).collect()
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
        dismiss_later(meeting, id, stays(&notice.kind));
    }
    let told = told(text(), &notice.kind);
    let admit = waits(&notice.kind).map(|peer| view! { <Admit peer=peer notice=id /> });
    view! {
        <div class="toast" data-urgent=urgent.then_some("true")>
            <div class="toast__text">
                <p>{told.title}</p>
                {told.hint.map(|hint| view! { <p class="explained__hint">{hint}</p> })}
            </div>
            {admit}
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

fn stays(kind: &NoticeKind) -> Duration {
    match kind {
        NoticeKind::Waits(..) | NoticeKind::TurnedOff(..) | NoticeKind::RoleChanged(_) => {
            STAYS_LONGER
        }
        _ => STAYS,
    }
}

/// Who waits to be let in, if that is what is told.
fn waits(kind: &NoticeKind) -> Option<PeerId> {
    match kind {
        NoticeKind::Waits(peer, _) => Some(peer.clone()),
        _ => None,
    }
}

/// Lets somebody in without a way through the list. Gone when they wait no more.
#[component]
fn Admit(peer: PeerId, notice: NoticeId) -> impl IntoView {
    let meeting = Meeting::expect();
    let still_waits = {
        let peer = peer.clone();
        Memo::new(move |_| {
            let waiting = meeting.store.waiting;
            waiting.with(|waiting| waiting.iter().any(|one| one.id == peer))
        })
    };
    Effect::new(move |before: Option<bool>| {
        let waits = still_waits.get();
        if before == Some(true) && !waits {
            meeting.send(Intent::DismissNotice(notice));
        }
        waits
    });
    let admit = move |_| {
        let peer = Some(peer.clone());
        meeting.send(Intent::Moderate(Moderation::Admit { peer }));
    };
    view! {
        <button type="button" class="button button--small button--primary" on:click=admit>
            {text().moderation.admit}
        </button>
    }
}

fn dismiss_later(meeting: Meeting, id: NoticeId, stays: Duration) {
    let timer = set_timeout_with_handle(move || meeting.send(Intent::DismissNotice(id)), stays);
    if let Ok(timer) = timer {
        on_cleanup(move || timer.clear());
    }
}

/// What stands in a toast.
struct Told {
    title: String,
    hint: Option<&'static str>,
}

impl Told {
    fn with_hint(title: String, hint: Option<&'static str>) -> Self {
        Self { title, hint }
    }
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
        NoticeKind::DeviceLost(_)
        | NoticeKind::DeviceFailed(..)
        | NoticeKind::ShareFailed(_)
        | NoticeKind::Refused(_)
        | NoticeKind::NotRecorded(_) => true,
        NoticeKind::Joined(..)
        | NoticeKind::Left(..)
        | NoticeKind::ShareStarted(..)
        | NoticeKind::Reconnected
        | NoticeKind::DeviceReplaced { .. }
        | NoticeKind::TurnedOff(..)
        | NoticeKind::RoleChanged(_)
        | NoticeKind::HandRaised(..)
        | NoticeKind::Waits(..) => false,
    }
}

fn told(words: &Text, kind: &NoticeKind) -> Told {
    let name = |name: &DisplayName| match name.as_str() {
        "" => words.common.guest.to_owned(),
        name => name.to_owned(),
    };
    let notice = &words.notice;
    match kind {
        NoticeKind::Joined(_, who) => notice.joined.with(name(who)).into(),
        NoticeKind::Left(_, who) => notice.left.with(name(who)).into(),
        NoticeKind::ShareStarted(_, who) => notice.share_started.with(name(who)).into(),
        NoticeKind::Reconnected => notice.reconnected.into(),
        NoticeKind::DeviceReplaced { source, label } => match source {
            Source::Camera => notice.camera_replaced.with(label).into(),
            _ => notice.microphone_replaced.with(label).into(),
        },
        NoticeKind::TurnedOff(sources, reason, by) => {
            let by = by.as_ref().map(name);
            let title = notice.turned_off(sources, by.as_deref());
            Told::with_hint(title, notice.off_reason(*reason))
        }
        NoticeKind::Refused(code) => {
            let (title, hint) = notice.refused(*code);
            Told::with_hint(title.to_owned(), hint)
        }
        NoticeKind::NotRecorded(why) => words.recording.why_not(*why).into(),
        NoticeKind::RoleChanged(role) => notice.role(*role).into(),
        NoticeKind::HandRaised(_, who) => notice.hand_raised.with(name(who)).into(),
        NoticeKind::Waits(_, who) => notice.waits.with(name(who)).into(),
        NoticeKind::DeviceLost(Source::Camera) => notice.camera_lost.into(),
        NoticeKind::DeviceLost(_) => notice.microphone_lost.into(),
        NoticeKind::DeviceFailed(source, failure) => {
            let which = match source {
                Source::Camera => Which::Camera,
                _ => Which::Microphone,
            };
            words.devices.failure(which, *failure).into()
        }
        NoticeKind::ShareFailed(failure) => words.devices.share_failure(*failure).into(),
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
