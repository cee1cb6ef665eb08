//! What participants ask their room for.

use protocol::{
    CHAT_TEXT_MAX, DisplayName, ErrorCode, Offer, PeerId, RoomEvent, ServerMessage, Source, View,
};

use super::{
    Audience, Effect, OfferDone, Request, RoomState, SessionId,
    chat::{Draft, Submitted},
    offers::PendingOffer,
    state::{ok, refuse, send},
};
use crate::clock::Now;

/// The most tiles of a view. A page shows some fifty at most; each one costs
/// time whenever somebody comes or goes.
const TILES_MAX: usize = 256;
/// The most characters of a chat message's nonce.
const NONCE_MAX: usize = 64;

/// Who asks, and which frame to answer.
#[derive(Clone, Copy)]
struct From<'a> {
    session: SessionId,
    re: u32,
    peer: &'a PeerId,
}

impl RoomState {
    pub(super) fn request(
        &mut self,
        session: SessionId,
        re: u32,
        request: Request,
        now: Now,
    ) -> Vec<Effect> {
        // a session that lost its seat meanwhile has been told so
        let Some(peer) = self.sessions.get(&session).cloned() else {
            return Vec::new();
        };
        let from = From {
            session,
            re,
            peer: &peer,
        };
        match request {
            Request::Offer(offer) => self.offer(from, offer),
            Request::SetView(view) => set_view(from, view),
            Request::SetMedia(source, on) => self.set_media(from, source, on),
            Request::SetDisplayName(name) => self.rename(from, name),
            Request::Chat { text, nonce } => self.write(from, text, nonce, now),
            Request::Leave => self.leave(from),
        }
    }

    fn offer(&mut self, from: From<'_>, offer: Offer) -> Vec<Effect> {
        let limit = self.limits.offers_pending;
        let Some(seat) = self.seats.get_mut(from.peer) else {
            return Vec::new();
        };
        let pending = PendingOffer {
            session: from.session,
            re: from.re,
            offer,
        };
        match seat.offers.push(pending, limit) {
            Err(_) => vec![from.refuse(ErrorCode::RateLimited, "Too many offers wait")],
            Ok(None) => Vec::new(),
            Ok(Some(offer)) => vec![Effect::Offer {
                peer: from.peer.clone(),
                seat: seat.id,
                offer,
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
        }));
        effects
    }

    fn set_media(&mut self, from: From<'_>, source: Source, on: bool) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(from.peer) else {
            return Vec::new();
        };
        let media = seat.participant.media.with(source, on);
        let before = std::mem::replace(&mut seat.participant.media, media);
        let event = RoomEvent::MediaChanged {
            peer: from.peer.clone(),
            media,
        };
        self.changed(from, before != media, event)
    }

    fn rename(&mut self, from: From<'_>, display_name: DisplayName) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(from.peer) else {
            return Vec::new();
        };
        let name = &mut seat.participant.display_name;
        let before = std::mem::replace(name, display_name.clone());
        let changed = before != display_name;
        let event = RoomEvent::Renamed {
            peer: from.peer.clone(),
            display_name,
        };
        self.changed(from, changed, event)
    }

    /// Tells everybody, the one who asked included; nobody when nothing changed.
    fn changed(&mut self, from: From<'_>, changed: bool, event: RoomEvent) -> Vec<Effect> {
        let told = changed.then(|| self.event(event, Audience::All));
        told.into_iter().chain([from.ok()]).collect()
    }

    fn write(&mut self, from: From<'_>, text: String, nonce: String, now: Now) -> Vec<Effect> {
        if text.trim().is_empty() || text.chars().nth(CHAT_TEXT_MAX).is_some() {
            let why = format!("A message has 1 to {CHAT_TEXT_MAX} characters");
            return vec![from.refuse(ErrorCode::ChatText, &why)];
        }
        if nonce.is_empty() || nonce.chars().nth(NONCE_MAX).is_some() {
            let why = format!("A nonce has 1 to {NONCE_MAX} characters");
            return vec![from.refuse(ErrorCode::BadMessage, &why)];
        }
        let Some(seat) = self.seats.get(from.peer) else {
            return Vec::new();
        };
        let draft = Draft {
            from: from.peer.clone(),
            display_name: seat.participant.display_name.clone(),
            text,
            nonce,
            sent_at: now.unix,
            waiting: vec![(from.session, from.re)],
        };
        match self.chat.submit(draft, &self.limits) {
            Submitted::Known => vec![from.ok()],
            Submitted::Waits => Vec::new(),
            Submitted::Store(message) => vec![Effect::StoreChat(message)],
            Submitted::Full => {
                vec![from.refuse(ErrorCode::RateLimited, "Too many messages wait")]
            }
        }
    }

    pub(super) fn chat_stored(&mut self) -> Vec<Effect> {
        let Some((draft, message)) = self.chat.stored(&self.limits) else {
            return Vec::new();
        };
        let mut effects = vec![self.event(RoomEvent::Chat { message }, Audience::All)];
        effects.extend(draft.waiting.into_iter().map(|(to, re)| ok(to, re)));
        effects.extend(self.chat.next().map(Effect::StoreChat));
        effects
    }

    pub(super) fn chat_failed(&mut self) -> Vec<Effect> {
        let why = "The message could not be stored";
        let draft = self.chat.failed();
        let waiting = draft.into_iter().flat_map(|draft| draft.waiting);
        let mut effects: Vec<Effect> = waiting
            .map(|(to, re)| refuse(to, re, ErrorCode::Internal, why))
            .collect();
        effects.extend(self.chat.next().map(Effect::StoreChat));
        effects
    }

    fn leave(&mut self, from: From<'_>) -> Vec<Effect> {
        let mut effects = self.remove(from.peer);
        effects.push(from.ok());
        effects.push(Effect::End {
            session: from.session,
            ended: None,
        });
        effects
    }
}

fn set_view(from: From<'_>, view: View) -> Vec<Effect> {
    if view.tiles.len() > TILES_MAX {
        let why = format!("A view has at most {TILES_MAX} tiles");
        return vec![from.refuse(ErrorCode::BadMessage, &why)];
    }
    vec![Effect::SetView(from.peer.clone(), view), from.ok()]
}

impl From<'_> {
    fn ok(self) -> Effect {
        ok(self.session, self.re)
    }

    fn refuse(self, code: ErrorCode, why: &str) -> Effect {
        refuse(self.session, self.re, code, why)
    }
}
