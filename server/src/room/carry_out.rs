//! Carries out what a room's state wants: writes to sessions, talks to the media
//! plane, stores chat.

use std::sync::Arc;

use media::MediaError;
use protocol::{
    ChatMessage, Ended, ErrorCode, Offer, PROTOCOL_VERSION, PeerId, RoomId, ServerMessage, Welcome,
    WireError,
};
use tokio::time::timeout;
use tracing::{debug, error, warn};

use super::{
    Audience, Command, Effect, OfferDone, Outbox, Outgoing, SeatId, SessionId, WelcomeTo,
    actor::Actor, outbox::text,
};
use crate::{clock::Now, db::Database};

/// Receive-only audio m-lines that clients should offer. More cost bandwidth;
/// fewer cut people off who speak at the same time.
const AUDIO_SLOTS: u32 = 4;
/// The most receive-only video m-lines of a client: a grid of seven by seven.
const MAX_VIDEO_SLOTS: u32 = 49;

impl Actor {
    /// Does what the state wants; what went wrong comes back as commands.
    pub(super) fn carry_out(&mut self, effect: Effect) -> Vec<Command> {
        match effect {
            Effect::Send {
                session,
                re,
                message,
            } => self.send(session, Outgoing::Frame(text(re, message))),
            Effect::Welcome(welcome) => self.welcome(*welcome),
            Effect::Replay { session, events } => {
                let frames = events
                    .into_iter()
                    .map(|(n, event)| text(None, ServerMessage::Event { n, event }));
                self.send(session, Outgoing::Frames(frames.collect()))
            }
            Effect::Broadcast { to, message } => self.broadcast(to, message),
            Effect::End { session, ended } => self.end(session, ended),
            Effect::StoreChat(message) => self.store(message),
            Effect::AddMedia(peer) => self.add_media(peer),
            Effect::RemoveMedia(peer) => {
                self.media.remove(&peer);
                Vec::new()
            }
            Effect::Offer { peer, seat, offer } => self.offer(peer, seat, offer),
            Effect::SetView(peer, view) => self.media_told(self.media.set_view(&peer, view)),
            Effect::RefreshMedia(peer) => self.media_told(self.media.refresh(&peer)),
        }
    }

    fn send(&mut self, session: SessionId, outgoing: Outgoing) -> Vec<Command> {
        let full = |outbox: &Outbox| outbox.push(outgoing).is_err();
        if self.outboxes.get(&session).is_some_and(full) {
            return self.cut_off(session).into_iter().collect();
        }
        Vec::new()
    }

    fn broadcast(&mut self, to: Audience, message: ServerMessage) -> Vec<Command> {
        let frame = text(None, message);
        let slow: Vec<SessionId> = self
            .outboxes
            .iter()
            .filter(|(session, _)| to != Audience::AllBut(**session))
            .filter(|(_, outbox)| outbox.push(Outgoing::Frame(frame.clone())).is_err())
            .map(|(session, _)| *session)
            .collect();
        slow.into_iter()
            .filter_map(|session| self.cut_off(session))
            .collect()
    }

    /// Ends a session that does not read. Its seat waits.
    fn cut_off(&mut self, session: SessionId) -> Option<Command> {
        let outbox = self.outboxes.remove(&session)?;
        debug!(room = %self.room, session = session.0, "Session cut off: it does not read");
        outbox.cut_off(Ended {
            code: ErrorCode::SlowClient,
            message: "The client did not read its messages fast enough".to_owned(),
            retry_after_ms: Some(1_000),
        });
        Some(Command::Detach(session))
    }

    fn end(&mut self, session: SessionId, ended: Option<Ended>) -> Vec<Command> {
        if let Some(outbox) = self.outboxes.remove(&session) {
            outbox.end(ended);
        }
        Vec::new()
    }

    fn welcome(&mut self, to: WelcomeTo) -> Vec<Command> {
        let now = Now::read().unix;
        let ticket = self
            .shared
            .tickets
            .issue(&self.room, &to.peer, to.seat, now);
        let welcome = Welcome {
            version: PROTOCOL_VERSION,
            peer_id: to.peer,
            ticket,
            resumed: to.resumed,
            snapshot: to.snapshot,
            audio_slots: AUDIO_SLOTS,
            max_video_slots: MAX_VIDEO_SLOTS,
        };
        let message = ServerMessage::Welcome(Box::new(welcome));
        self.send(to.session, Outgoing::Frame(text(Some(to.re), message)))
    }

    fn store(&mut self, message: ChatMessage) -> Vec<Command> {
        let (database, room) = (self.shared.database.clone(), self.room.clone());
        self.work
            .spawn(async move { store(&database, &room, &message).await });
        Vec::new()
    }

    fn add_media(&mut self, peer: PeerId) -> Vec<Command> {
        let Err(error) = self.media.add(&peer) else {
            return Vec::new();
        };
        warn!(room = %self.room, %error, "The media plane refused a participant");
        vec![Command::MediaRefused(peer)]
    }

    fn offer(&mut self, peer: PeerId, seat: SeatId, offer: Offer) -> Vec<Command> {
        let media = Arc::clone(&self.media);
        let limit = self.shared.limits.room.offer;
        self.work.spawn(async move {
            let answer = match timeout(limit, media.offer(&peer, offer)).await {
                Ok(answer) => answer.map_err(|error| refusal(&error)),
                Err(_) => Err(media_unavailable()),
            };
            Command::OfferDone(OfferDone { peer, seat, answer })
        });
        Vec::new()
    }

    /// A view that a worker had no time for comes again with the next change.
    fn media_told(&self, told: Result<(), MediaError>) -> Vec<Command> {
        if let Err(error) = told {
            warn!(room = %self.room, %error, "The media plane did not take a command");
        }
        Vec::new()
    }
}

async fn store(database: &Database, room: &RoomId, message: &ChatMessage) -> Command {
    match database.add_chat(room, message).await {
        Ok(()) => Command::ChatStored,
        Err(error) => {
            error!(room = %room, %error, "Chat message could not be stored");
            Command::ChatFailed
        }
    }
}

fn refusal(error: &MediaError) -> WireError {
    match error {
        MediaError::BadOffer(_) => WireError::new(ErrorCode::BadOffer, error.to_string()),
        _ => media_unavailable(),
    }
}

pub(super) fn media_unavailable() -> WireError {
    WireError::new(
        ErrorCode::MediaUnavailable,
        "The media plane is not available",
    )
}
