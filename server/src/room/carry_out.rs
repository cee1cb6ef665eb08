//! Carries out what a room's state wants: writes to sessions, talks to the media
//! plane. What the journal is told, and chat, which it stores, are in `backlog`.

use std::sync::Arc;

use media::{Language, MediaError};
use protocol::{
    Ended, ErrorCode, MediaState, Offer, PROTOCOL_VERSION, PeerId, ServerMessage, Welcome,
    WireError,
};
use tokio::time::timeout;
use tracing::{debug, error, warn};

use super::{
    Audience, Command, Decisions, Effect, Granted, OfferDone, Outbox, Outgoing, SeatId, SessionId,
    WaitingTo, WelcomeTo, YouTo, actor::Actor, outbox::text,
};
use crate::{
    clock::{Now, UnixMillis},
    recording::StartedBy,
    ticket::Ticket,
};

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
            Effect::Waiting(to) => self.waiting(&to),
            Effect::Welcome(welcome) => self.welcome(*welcome),
            Effect::You(you) => self.tell_you(*you),
            Effect::Replay { session, events } => {
                let frames = events
                    .into_iter()
                    .map(|(n, event)| text(None, ServerMessage::Event { n, event }));
                self.send(session, Outgoing::Frames(frames.collect()))
            }
            Effect::Broadcast { to, message } => self.broadcast(to, message),
            Effect::End { session, ended } => self.end(session, ended),
            Effect::StoreChat(message) => {
                self.store(message);
                Vec::new()
            }
            Effect::ClearChat => self.clear_chat(),
            Effect::StoreDecisions(decisions) => self.store_decisions(&decisions),
            Effect::AddMedia(peer) => self.add_media(peer),
            Effect::RemoveMedia(peer) => {
                self.media.remove(&peer);
                Vec::new()
            }
            Effect::Offer {
                peer,
                seat,
                offer,
                recorder: false,
            } => self.offer(peer, seat, offer),
            Effect::Offer {
                peer, seat, offer, ..
            } => self.recorders_offer(peer, seat, offer),
            Effect::SetSources(peer, media) => self.set_sources(peer, media),
            Effect::SetInterpreter(peer, tag) => self.set_interpreter(peer, tag.as_deref()),
            Effect::SetLanguage(peer, tag) => {
                let language = tag.as_deref().and_then(|tag| self.language(tag));
                self.media_told(self.media.set_language(&peer, language))
            }
            Effect::SetView(peer, view) => self.media_told(self.media.set_view(&peer, view)),
            Effect::RefreshMedia(peer) => self.media_told(self.media.refresh(&peer)),
            Effect::Record { session, re, on } => self.record(session, re, on),
            Effect::Answer(order, answer) => {
                if let Some(reply) = self.orders.remove(&order) {
                    // who does not wait for the answer needs none
                    reply.send(*answer).ok();
                }
                Vec::new()
            }
            Effect::Notify(notice) => self.notify(notice),
        }
    }

    fn send(&mut self, session: SessionId, outgoing: Outgoing) -> Vec<Command> {
        let full = |outbox: &Outbox| outbox.push(outgoing).is_err();
        let inside = self.outboxes.get(&session);
        let outbox = inside.or_else(|| self.outside.get(&session));
        if outbox.is_some_and(full) {
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
        let outbox = self.take_outbox(session)?;
        debug!(room = %self.room, session = session.0, "Session cut off: it does not read");
        outbox.cut_off(Ended {
            code: ErrorCode::SlowClient,
            message: "The client did not read its messages fast enough".to_owned(),
            retry_after_ms: Some(1_000),
        });
        Some(Command::Detach(session))
    }

    fn end(&mut self, session: SessionId, ended: Option<Ended>) -> Vec<Command> {
        if let Some(outbox) = self.take_outbox(session) {
            outbox.end(ended);
        }
        Vec::new()
    }

    pub(super) fn take_outbox(&mut self, session: SessionId) -> Option<Outbox> {
        let inside = self.outboxes.remove(&session);
        inside.or_else(|| self.outside.remove(&session))
    }

    /// From now on they get what is for all.
    fn welcome(&mut self, to: WelcomeTo) -> Vec<Command> {
        if let Some(outbox) = self.outside.remove(&to.session) {
            self.outboxes.insert(to.session, outbox);
        }
        let ticket = self.ticket(&to.peer, to.seat, to.granted, to.ends_at);
        let welcome = Welcome {
            version: PROTOCOL_VERSION,
            peer_id: to.peer,
            ticket,
            resumed: to.resumed,
            you: to.you,
            snapshot: to.snapshot,
            audio_slots: AUDIO_SLOTS,
            max_video_slots: MAX_VIDEO_SLOTS,
        };
        let message = ServerMessage::Welcome(Box::new(welcome));
        self.send(to.session, Outgoing::Frame(text(Some(to.re), message)))
    }

    fn waiting(&mut self, to: &WaitingTo) -> Vec<Command> {
        let ticket = self.ticket(&to.peer, to.seat, to.granted, to.ends_at);
        let message = ServerMessage::Waiting { ticket };
        self.send(to.session, Outgoing::Frame(text(Some(to.re), message)))
    }

    fn tell_you(&mut self, to: YouTo) -> Vec<Command> {
        let ticket = self.ticket(&to.you.participant.id, to.seat, to.granted, to.ends_at);
        let message = ServerMessage::You {
            you: Box::new(to.you),
            ticket,
        };
        self.send(to.session, Outgoing::Frame(text(None, message)))
    }

    fn ticket(
        &self,
        peer: &PeerId,
        seat: SeatId,
        granted: Granted,
        ends_at: Option<UnixMillis>,
    ) -> String {
        self.shared.tickets.issue(&Ticket {
            room: self.room.clone(),
            peer: peer.clone(),
            seat,
            iat: Now::read().unix.seconds(),
            granted,
            ends_at: ends_at.map(UnixMillis::get),
        })
    }

    fn clear_chat(&mut self) -> Vec<Command> {
        let (database, room) = (self.shared.database.clone(), self.room.clone());
        self.work.spawn(async move {
            match database.clear_chat(&room).await {
                Ok(_) => Command::ChatCleared,
                Err(error) => {
                    error!(room = %room, %error, "Chat could not be cleared");
                    Command::ChatFailed
                }
            }
        });
        Vec::new()
    }

    fn store_decisions(&mut self, decisions: &Decisions) -> Vec<Command> {
        let (database, room) = (self.shared.database.clone(), self.room.clone());
        let text = decisions.text();
        self.work.spawn(async move {
            if let Err(error) = database.set_decisions(&room, &text).await {
                error!(room = %room, %error, "What moderators decided could not be stored");
            }
            Command::DecisionsStored
        });
        Vec::new()
    }

    fn record(&mut self, session: SessionId, re: u32, on: bool) -> Vec<Command> {
        let (recordings, room) = (self.shared.recordings.clone(), self.room.clone());
        self.work.spawn(async move {
            let done = if on {
                recordings
                    .start(&room, StartedBy::Moderator)
                    .await
                    .map(drop)
            } else {
                // who stops what has stopped has what they wish
                recordings.stop(&room).await;
                Ok(())
            };
            Command::Recorded { session, re, done }
        });
        Vec::new()
    }

    fn add_media(&mut self, peer: PeerId) -> Vec<Command> {
        let Err(error) = self.media.add(&peer) else {
            return Vec::new();
        };
        warn!(room = %self.room, %error, "The media plane refused a participant");
        vec![Command::MediaRefused(peer)]
    }

    /// Somebody whose sources cannot be switched must not stay: what is off for
    /// all others might still be heard. They come back by themselves.
    fn set_sources(&mut self, peer: PeerId, media: MediaState) -> Vec<Command> {
        let told = self.media.set_sources(&peer, media);
        self.media_must(peer, told)
    }

    fn set_interpreter(&mut self, peer: PeerId, tag: Option<&str>) -> Vec<Command> {
        let language = tag.and_then(|tag| self.language(tag));
        let told = self.media.set_interpreter(&peer, language);
        self.media_must(peer, told)
    }

    fn media_must(&self, peer: PeerId, told: Result<(), MediaError>) -> Vec<Command> {
        let Err(error) = told else {
            return Vec::new();
        };
        warn!(room = %self.room, %error, "The media plane did not switch a participant");
        vec![Command::MediaRefused(peer)]
    }

    /// A language as the media plane knows it. Admission lets no other through.
    fn language(&self, tag: &str) -> Option<Language> {
        let language = Language::parse(tag);
        if let Err(error) = &language {
            warn!(room = %self.room, %error, "A language has no tag");
        }
        language.ok()
    }

    fn offer(&mut self, peer: PeerId, seat: SeatId, offer: Offer) -> Vec<Command> {
        let (media, of) = (Arc::clone(&self.media), peer.clone());
        self.answered(peer, seat, async move { media.offer(&of, offer).await })
    }

    fn recorders_offer(&mut self, peer: PeerId, seat: SeatId, offer: Offer) -> Vec<Command> {
        let (media, of) = (Arc::clone(&self.media), peer.clone());
        self.answered(peer, seat, async move {
            media.offer_on_this_machine(&of, offer).await
        })
    }

    fn answered(
        &mut self,
        peer: PeerId,
        seat: SeatId,
        answer: impl Future<Output = Result<String, MediaError>> + Send + 'static,
    ) -> Vec<Command> {
        let limit = self.shared.limits.room.offer;
        self.work.spawn(async move {
            let answer = match timeout(limit, answer).await {
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
