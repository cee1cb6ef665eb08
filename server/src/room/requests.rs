//! What participants ask their room for.

use protocol::{
    CHAT_TEXT_MAX, DisplayName, ErrorCode, Offer, PeerId, RoomEvent, ServerMessage, View,
};

use super::{
    Audience, Effect, OfferDone, Request, RoomState, SessionId,
    chat::{Draft, Submitted, Waits},
    moderation::Refusal,
    offers::PendingOffer,
    orders::{CHAT_FULL, Reply, answer},
    state::{ok, refuse, send},
};
use crate::{
    clock::Now,
    policy::{Action, Actor, Denied, may},
};

/// The most tiles of a view. A page shows some fifty at most; each one costs
/// time whenever somebody comes or goes.
const TILES_MAX: usize = 256;
/// The most characters of a chat message's nonce.
const NONCE_MAX: usize = 64;

const BAD_TEXT: Refusal = Refusal(ErrorCode::ChatText, "A message has 1 to 4000 characters");
const _: () = assert!(CHAT_TEXT_MAX == 4_000, "the refusal says so");

/// Who asks, and which frame to answer.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) session: SessionId,
    pub(super) re: u32,
    pub(super) peer: &'a PeerId,
}

impl RoomState {
    pub(super) fn request(
        &mut self,
        session: SessionId,
        re: u32,
        request: Request,
        now: Now,
    ) -> Vec<Effect> {
        let Some(peer) = self.sessions.get(&session).cloned() else {
            return self.request_of_waiting(session, re, &request);
        };
        let asker = Asker {
            session,
            re,
            peer: &peer,
        };
        if let Some(denied) = self.denied(&peer, &request) {
            return vec![asker.denied(denied)];
        }
        match request {
            Request::Offer(offer) => self.offer(asker, offer),
            Request::SetView(view) => set_view(asker, view),
            Request::SetMedia(source, on) => self.set_media(asker, source, on),
            Request::SetDisplayName(name) => self.rename(asker, name),
            Request::Chat { text, nonce } => self.write(asker, text, nonce, now),
            Request::SetHand(raised) => self.set_hand(asker, raised, now),
            Request::SetLanguage(language) => self.listen(asker, language),
            Request::Moderate(moderation) => self.moderate(asker, moderation, now),
            Request::Renew(renewed) => self.renew(asker, *renewed, now),
            Request::Leave => self.leave(asker, now),
        }
    }

    /// Who waits may go and nothing else. A session that lost its seat
    /// meanwhile has been told so.
    fn request_of_waiting(
        &mut self,
        session: SessionId,
        re: u32,
        request: &Request,
    ) -> Vec<Effect> {
        if !self.lobby.has_session(session) {
            return Vec::new();
        }
        let action = action(request).unwrap_or(Action::Chat);
        if let Err(denied) = may(&Actor::Waiting, action) {
            let why = "Who waits has no seat yet";
            return vec![refuse(session, re, denied.code(), why)];
        }
        if let Some(waiter) = self.lobby.take_session(session) {
            self.desk.lobby_changed(&waiter.join.peer);
        }
        vec![ok(session, re), close(session)]
    }

    /// Why somebody may not do this, if they may not.
    fn denied(&self, peer: &PeerId, request: &Request) -> Option<Denied> {
        let seat = self.seats.get(peer)?;
        may(&seat.actor(), action(request)?).err()
    }

    fn offer(&mut self, asker: Asker<'_>, offer: Offer) -> Vec<Effect> {
        let limit = self.limits.offers_pending;
        let Some(seat) = self.seats.get_mut(asker.peer) else {
            return Vec::new();
        };
        let pending = PendingOffer {
            session: asker.session,
            re: asker.re,
            offer,
        };
        match seat.offers.push(pending, limit) {
            Err(_) => vec![asker.refuse(ErrorCode::RateLimited, "Too many offers wait")],
            Ok(None) => Vec::new(),
            Ok(Some(offer)) => vec![Effect::Offer {
                peer: asker.peer.clone(),
                seat: seat.id,
                offer,
                recorder: seat.is_hidden(),
            }],
        }
    }

    pub(super) fn offer_done(&mut self, done: OfferDone) -> Vec<Effect> {
        let seat = self.seats.get_mut(&done.peer);
        // the answer for a seat that is gone interests nobody
        let Some(seat) = seat.filter(|seat| seat.id == done.seat) else {
            return Vec::new();
        };
        let Some(pending) = seat.offers.done() else {
            return Vec::new();
        };
        let reply = match done.answer {
            Ok(sdp) => ServerMessage::Answer {
                negotiation: pending.offer.negotiation,
                connection: pending.offer.connection,
                sdp,
            },
            Err(error) => ServerMessage::Error(error),
        };
        let mut effects = vec![send(pending.session, Some(pending.re), reply)];
        effects.extend(seat.offers.current().map(|offer| Effect::Offer {
            peer: done.peer,
            seat: seat.id,
            offer: offer.clone(),
            recorder: seat.is_hidden(),
        }));
        effects
    }

    fn rename(&mut self, asker: Asker<'_>, display_name: DisplayName) -> Vec<Effect> {
        let mut effects = self.name(asker.peer, display_name);
        effects.push(asker.ok());
        effects
    }

    /// Gives somebody another name.
    pub(super) fn name(&mut self, peer: &PeerId, display_name: DisplayName) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        let name = &mut seat.participant.display_name;
        let before = std::mem::replace(name, display_name.clone());
        let mut effects = Vec::new();
        if before != display_name {
            let peer = peer.clone();
            if seat.is_on_stage() {
                let event = RoomEvent::Renamed { peer, display_name };
                effects.push(self.event(event, Audience::All));
            } else {
                self.desk.viewer_changed(&peer);
            }
        }
        effects
    }

    /// Chooses the language of the interpreters; none is the original alone.
    fn listen(&mut self, asker: Asker<'_>, language: Option<String>) -> Vec<Effect> {
        let known = |language: &String| self.settings.languages.contains(language);
        if language.as_ref().is_some_and(|language| !known(language)) {
            let why = "Nobody translates into this language";
            return vec![asker.refuse(ErrorCode::BadMessage, why)];
        }
        let Some(seat) = self.seats.get_mut(asker.peer) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        if seat.listens_to != language {
            seat.listens_to.clone_from(&language);
            effects.push(Effect::SetLanguage(asker.peer.clone(), language));
        }
        effects.push(asker.ok());
        effects
    }

    fn write(&mut self, asker: Asker<'_>, text: String, nonce: String, now: Now) -> Vec<Effect> {
        if let Err(Refusal(code, why)) = check_text(&text) {
            return vec![asker.refuse(code, why)];
        }
        if nonce.is_empty() || nonce.chars().nth(NONCE_MAX).is_some() {
            let why = format!("A nonce has 1 to {NONCE_MAX} characters");
            return vec![asker.refuse(ErrorCode::BadMessage, &why)];
        }
        let Some(seat) = self.seats.get(asker.peer) else {
            return Vec::new();
        };
        let draft = Draft {
            from: Some(asker.peer.clone()),
            display_name: seat.participant.display_name.clone(),
            text,
            nonce,
            sent_at: now.unix,
            waiting: vec![Waits::Session(asker.session, asker.re)],
        };
        match self.chat.submit(draft, &self.limits) {
            Submitted::Known => vec![asker.ok()],
            Submitted::Waits => Vec::new(),
            Submitted::Next(step) => vec![step.into()],
            Submitted::Full => vec![asker.refuse(CHAT_FULL.0, CHAT_FULL.1)],
        }
    }

    pub(super) fn chat_stored(&mut self) -> Vec<Effect> {
        let Some((draft, message)) = self.chat.stored(&self.limits) else {
            return Vec::new();
        };
        let told = message.clone();
        let mut effects = vec![self.event(RoomEvent::Chat { message }, Audience::All)];
        effects.extend(draft.waiting.into_iter().map(|waits| match waits {
            Waits::Session(to, re) => ok(to, re),
            Waits::Order(id) => answer(id, Ok(Reply::Said(told.clone()))),
        }));
        effects.extend(self.chat.next().map(Effect::from));
        effects
    }

    pub(super) fn chat_cleared(&mut self) -> Vec<Effect> {
        let Some(waits) = self.chat.cleared() else {
            return Vec::new();
        };
        let mut effects = vec![self.event(RoomEvent::ChatCleared, Audience::All)];
        effects.push(match waits {
            Waits::Session(to, re) => ok(to, re),
            Waits::Order(id) => answer(id, Ok(Reply::Done)),
        });
        effects.extend(self.chat.next().map(Effect::from));
        effects
    }

    pub(super) fn chat_failed(&mut self) -> Vec<Effect> {
        let refusal = Refusal(ErrorCode::Internal, "The database failed");
        let waiting = self.chat.failed().into_iter();
        let mut effects: Vec<Effect> = waiting
            .map(|waits| match waits {
                Waits::Session(to, re) => refuse(to, re, refusal.0, refusal.1),
                Waits::Order(id) => answer(id, Err(refusal.into())),
            })
            .collect();
        effects.extend(self.chat.next().map(Effect::from));
        effects
    }

    fn leave(&mut self, asker: Asker<'_>, now: Now) -> Vec<Effect> {
        let mut effects = self.remove(asker.peer, now);
        effects.push(asker.ok());
        effects.push(close(asker.session));
        effects
    }
}

/// What a request wants to do, for the table of rights. Which source or hand
/// it is about, and whom moderators mean, is asked where that is known.
fn action(request: &Request) -> Option<Action> {
    match request {
        Request::Offer(_) => Some(Action::Connect),
        Request::SetView(_) => Some(Action::SetView),
        Request::SetDisplayName(_) => Some(Action::Rename),
        Request::Chat { .. } => Some(Action::Chat),
        Request::SetLanguage(_) => Some(Action::Listen),
        Request::Leave => Some(Action::Leave),
        Request::SetMedia(..) | Request::SetHand(_) | Request::Moderate(_) | Request::Renew(_) => {
            None
        }
    }
}

/// Whether a text can be a message.
pub(super) fn check_text(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() || text.chars().nth(CHAT_TEXT_MAX).is_some() {
        return Err(BAD_TEXT);
    }
    Ok(())
}

fn close(session: SessionId) -> Effect {
    Effect::End {
        session,
        ended: None,
    }
}

fn set_view(asker: Asker<'_>, view: View) -> Vec<Effect> {
    if view.tiles.len() > TILES_MAX {
        let why = format!("A view has at most {TILES_MAX} tiles");
        return vec![asker.refuse(ErrorCode::BadMessage, &why)];
    }
    vec![Effect::SetView(asker.peer.clone(), view), asker.ok()]
}

impl Asker<'_> {
    pub(super) fn ok(self) -> Effect {
        ok(self.session, self.re)
    }

    pub(super) fn refuse(self, code: ErrorCode, why: &str) -> Effect {
        refuse(self.session, self.re, code, why)
    }

    pub(super) fn denied(self, denied: Denied) -> Effect {
        self.refuse(denied.code(), "There is no right to this")
    }
}
