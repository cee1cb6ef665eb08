//! The people of the room: takes the server's snapshot and events over.
//!
//! The chat is next door, in `chat.rs`.

use std::{collections::HashSet, time::Duration};

use protocol::{Allowed, MediaState, Participant, PeerId, Quality, QualityScore, Role, RoomEvent};

use super::rights::rule;
use crate::{
    Moment,
    model::{NoticeKind, Room},
};

/// After a server restart the others come back one by one; for so long their
/// return is no news.
const RETURN_TIME: Duration = Duration::from_secs(60);

/// With more people than that, those who come and go are not announced.
const ANNOUNCED_UP_TO: usize = 20;

#[derive(Debug, Default)]
pub(super) struct People {
    /// Who was there before the seat was lost, and until when it matters.
    before: Option<(HashSet<PeerId>, Duration)>,
}

impl People {
    /// Everybody, from a snapshot. `again`: this was joined before, and those
    /// who are not there yet are probably on their way too.
    pub(super) fn replaced(
        &mut self,
        room: &mut Room,
        participants: Vec<Participant>,
        again: bool,
        at: Moment,
    ) {
        let before = std::mem::replace(&mut room.participants, participants);
        if again {
            let ids = before.into_iter().map(|participant| participant.id);
            self.before = Some((ids.collect(), at.now + RETURN_TIME));
        }
        room.speakers.clear();
        room.quality.clear();
    }

    /// Everything but the chat. Returns what is news to the participant.
    pub(super) fn changed(
        &mut self,
        room: &mut Room,
        me: Option<&PeerId>,
        event: RoomEvent,
        at: Moment,
    ) -> Option<NoticeKind> {
        match event {
            RoomEvent::Joined { participant } => self.joined(room, me, participant, at),
            RoomEvent::Left { peer } => left(room, me, &peer),
            RoomEvent::MediaChanged { peer, media } => media_changed(room, me, &peer, media),
            RoomEvent::Renamed { peer, display_name } => {
                find(room, &peer)?.display_name = display_name;
                None
            }
            RoomEvent::ConnectedChanged { peer, connected } => {
                find(room, &peer)?.connected = connected;
                None
            }
            RoomEvent::RoleChanged {
                peer,
                role,
                allowed,
                language,
            } => {
                let participant = find(room, &peer)?;
                (participant.role, participant.allowed) = (role, allowed);
                participant.language = language;
                None
            }
            RoomEvent::HandChanged { peer, raised_at } => hand_changed(room, me, &peer, raised_at),
            RoomEvent::SettingsChanged { settings } => {
                let before = std::mem::replace(&mut room.settings, settings).allowed;
                let now = room.settings.allowed;
                for participant in &mut room.participants {
                    follow(participant, before, now);
                }
                None
            }
            RoomEvent::RecordingChanged { recording } => {
                room.recording = recording;
                None
            }
            RoomEvent::Chat { .. } | RoomEvent::ChatCleared => None,
        }
    }

    fn joined(
        &mut self,
        room: &mut Room,
        me: Option<&PeerId>,
        participant: Participant,
        at: Moment,
    ) -> Option<NoticeKind> {
        if let Some(known) = find(room, &participant.id) {
            *known = participant;
            return None;
        }
        let (id, name) = (participant.id.clone(), participant.display_name.clone());
        room.participants.push(participant);
        let returned = self.before.as_mut().is_some_and(|(ids, until)| {
            let was_there = ids.remove(&id);
            was_there && at.now < *until
        });
        let news = me != Some(&id) && !returned && is_small(room);
        news.then_some(NoticeKind::Joined(id, name))
    }
}

fn find<'a>(room: &'a mut Room, peer: &PeerId) -> Option<&'a mut Participant> {
    room.participants.iter_mut().find(|p| p.id == *peer)
}

fn left(room: &mut Room, me: Option<&PeerId>, peer: &PeerId) -> Option<NoticeKind> {
    let small = is_small(room);
    let index = room.participants.iter().position(|p| p.id == *peer)?;
    let gone = room.participants.remove(index);
    room.speakers.retain(|speaker| speaker != peer);
    room.quality.retain(|(of, _)| of != peer);
    (me != Some(peer) && small).then_some(NoticeKind::Left(gone.id, gone.display_name))
}

/// In a large room somebody always comes or goes, and it is no news.
fn is_small(room: &Room) -> bool {
    room.participants.len() <= ANNOUNCED_UP_TO
}

fn hand_changed(
    room: &mut Room,
    me: Option<&PeerId>,
    peer: &PeerId,
    raised_at: Option<u64>,
) -> Option<NoticeKind> {
    let leads = room
        .participants
        .iter()
        .any(|one| me == Some(&one.id) && one.role == Role::Moderator);
    let participant = find(room, peer)?;
    let before = std::mem::replace(&mut participant.hand_raised_at, raised_at);
    let raised = before.is_none() && raised_at.is_some();
    let news = leads && raised && me != Some(peer);
    news.then(|| NoticeKind::HandRaised(peer.clone(), participant.display_name.clone()))
}

/// The room's rule changed from one to the other: what changed there counts for
/// everybody on stage who is no moderator.
pub(super) fn follow(participant: &mut Participant, before: Allowed, now: Allowed) {
    participant.allowed = rule(participant.role, participant.allowed, before, now);
}

fn media_changed(
    room: &mut Room,
    me: Option<&PeerId>,
    peer: &PeerId,
    media: MediaState,
) -> Option<NoticeKind> {
    let participant = find(room, peer)?;
    let before = std::mem::replace(&mut participant.media, media);
    let started = media.screen && !before.screen && me != Some(peer);
    started.then(|| NoticeKind::ShareStarted(peer.clone(), participant.display_name.clone()))
}

/// Takes over whose connection is good or not.
pub(super) fn quality_changed(room: &mut Room, changes: Vec<Quality>) {
    for Quality { peer, score } in changes {
        room.quality.retain(|(of, _)| *of != peer);
        if score != QualityScore::Good {
            room.quality.push((peer, score));
        }
    }
}
