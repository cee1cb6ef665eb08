//! Before the stage: who waits to be let in, and who watches.
//!
//! Moderators are told of each; everybody else, only how many watch.

use protocol::{Participant, PeerId, Role, Waiting};

use super::Session;
use crate::model::NoticeKind;

/// So many of those who came at once are announced one by one.
const ANNOUNCED: usize = 3;

/// Which lists were told since one came in or became a moderator: who was there
/// already is no news.
#[derive(Debug, Default)]
pub(super) struct Seen {
    waiting: bool,
    viewers: bool,
}

impl Session {
    pub(super) fn lobby_changed(&mut self, reset: bool, waiting: Vec<Waiting>, gone: &[PeerId]) {
        let list = &mut self.model.room.waiting;
        let before = std::mem::take(list);
        let known = |id: &PeerId| before.iter().any(|one| one.id == *id);
        let new = waiting.iter().filter(|one| !known(&one.id));
        let news: Vec<NoticeKind> = new
            .take(ANNOUNCED)
            .map(|one| NoticeKind::Waits(one.id.clone(), one.display_name.clone()))
            .collect();
        if !reset {
            let replaced = |id: &PeerId| waiting.iter().any(|one| one.id == *id);
            let stays = |one: &Waiting| !gone.contains(&one.id) && !replaced(&one.id);
            list.extend(before.into_iter().filter(stays));
        }
        list.extend(waiting);
        list.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
        if std::mem::replace(&mut self.seen.waiting, true) {
            self.tell_moderator(news);
        }
    }

    pub(super) fn viewers_changed(
        &mut self,
        reset: bool,
        viewers: Vec<Participant>,
        gone: &[PeerId],
    ) {
        let room = &mut self.model.room;
        let before = std::mem::take(&mut room.viewers);
        let had_raised = |id: &PeerId| {
            let mut known = before.iter();
            known.any(|one| one.id == *id && one.hand_raised_at.is_some())
        };
        let raised = viewers.iter().filter(|one| one.hand_raised_at.is_some());
        let news: Vec<NoticeKind> = raised
            .filter(|one| !had_raised(&one.id))
            .take(ANNOUNCED)
            .map(|one| NoticeKind::HandRaised(one.id.clone(), one.display_name.clone()))
            .collect();
        if !reset {
            let replaced = |id: &PeerId| viewers.iter().any(|one| one.id == *id);
            let stays = |one: &Participant| !gone.contains(&one.id) && !replaced(&one.id);
            room.viewers.extend(before.into_iter().filter(stays));
        }
        room.viewers.extend(viewers);
        // who came on stage has it from now on as everybody there
        let on_stage = |id: &PeerId| room.participants.iter().any(|one| one.id == *id);
        room.quality
            .retain(|(of, _)| !gone.contains(of) || on_stage(of));
        room.viewers
            .sort_by(|a, b| (a.joined_at, &a.id).cmp(&(b.joined_at, &b.id)));
        if std::mem::replace(&mut self.seen.viewers, true) {
            self.tell_moderator(news);
        }
    }

    /// Only moderators are to know.
    pub(super) fn forget_lobby(&mut self) {
        self.seen = Seen::default();
        self.model.room.waiting.clear();
        self.model.room.viewers.clear();
    }

    /// A new seat: the lists will be told anew.
    pub(super) fn lobby_is_new(&mut self) {
        self.seen = Seen::default();
    }

    fn tell_moderator(&mut self, news: Vec<NoticeKind>) {
        if self.role() == Role::Moderator {
            news.into_iter().for_each(|notice| self.notify(notice));
        }
    }
}
