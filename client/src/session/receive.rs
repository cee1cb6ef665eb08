//! What the server says, message by message.

use std::time::Duration;

use protocol::{
    Ended, ErrorCode, PeerId, RoomEvent, ServerFrame, ServerMessage, Snapshot, Welcome, WireError,
};

use super::{Effect, Seat, Session, SlotCounts, link::Request, people::quality_changed};
use crate::{Moment, model::EndReason};

impl Session {
    pub(super) fn receive(&mut self, frame: ServerFrame, at: Moment) {
        self.link.heard();
        let request = self.link.answered(frame.re);
        match frame.message {
            ServerMessage::Welcome(welcome) => self.welcome(*welcome, at),
            ServerMessage::Ok => self.acknowledged(request),
            ServerMessage::Error(error) => self.refused(request, error, at),
            ServerMessage::Answer {
                negotiation,
                connection,
                sdp,
            } => self
                .transport
                .answered(connection, negotiation, sdp, &mut self.effects),
            ServerMessage::SlotAssigned { slots } => self.slots.assign(slots),
            ServerMessage::Event { n, event } => self.event(n, event, at),
            ServerMessage::Speakers { peers } => self.model.room.speakers = peers,
            ServerMessage::Quality { changes } => quality_changed(&mut self.model.room, changes),
            ServerMessage::Ended(ended) => self.ended(&ended, at),
            ServerMessage::Pong => {}
        }
    }

    fn welcome(&mut self, welcome: Welcome, at: Moment) {
        let first = !self.entered;
        let me = welcome.peer_id;
        self.link.welcome(at);
        self.entered = true;
        self.server_restart = false;
        self.model.me = Some(me.clone());
        let last_event = self.seat.as_ref().map_or(0, |seat| seat.last_event);
        self.seat = Some(Seat {
            ticket: welcome.ticket,
            last_event,
            resumable: true,
        });
        if let Some(snapshot) = welcome.snapshot {
            let again = !first && !welcome.resumed;
            self.enter(&me, snapshot, first, again, at);
        }
        let limits = SlotCounts {
            audio: welcome.audio_slots,
            video: welcome.max_video_slots,
        };
        let before = self.transport.connection();
        self.transport
            .welcome(welcome.resumed, limits, at, &mut self.effects);
        self.want_videos();
        self.forget_slots_of(before);
    }

    fn enter(&mut self, me: &PeerId, snapshot: Snapshot, first: bool, again: bool, at: Moment) {
        if let Some(seat) = &mut self.seat {
            seat.last_event = snapshot.last_event;
        }
        let room = &mut self.model.room;
        room.id = Some(snapshot.room_id);
        self.people.replaced(room, snapshot.participants, again, at);
        self.chat.replaced(room, me, snapshot.chat, first);
    }

    /// Room events come in order; one that was seen before is dropped.
    fn event(&mut self, n: u64, event: RoomEvent, at: Moment) {
        let Some(seat) = self.seat.as_mut().filter(|seat| n > seat.last_event) else {
            return;
        };
        seat.last_event = n;
        let me = self.model.me.as_ref();
        let room = &mut self.model.room;
        if let RoomEvent::Chat { message } = event {
            return self.chat.arrived(room, me, message);
        }
        if let Some(notice) = self.people.changed(room, me, event, at) {
            self.notify(notice);
        }
    }

    fn acknowledged(&mut self, request: Option<Request>) {
        if let Some(Request::Chat { nonce }) = request {
            self.chat.acknowledged(&mut self.model.room, &nonce);
        }
    }

    fn refused(&mut self, request: Option<Request>, error: WireError, at: Moment) {
        let WireError { code, message } = error;
        match request {
            Some(Request::Hello) => return self.not_welcome(code, message, at),
            Some(Request::Chat { nonce }) => {
                return self.chat.refused(&mut self.model.room, &nonce, code);
            }
            Some(Request::Offer { connection }) => self.transport.failed(connection, at),
            Some(request) if code == ErrorCode::RateLimited => {
                self.outgoing.too_fast(&request, at);
            }
            _ => {}
        }
        self.effects.push(Effect::Report { code, message });
    }

    /// The server does not let this socket in.
    fn not_welcome(&mut self, code: ErrorCode, message: String, at: Moment) {
        let resumed = self.seat.as_ref().is_some_and(|seat| seat.resumable);
        match (code, &mut self.seat) {
            // the server restarted, or the seat's time was over
            (ErrorCode::SeatGone, Some(seat)) if resumed => seat.resumable = false,
            (ErrorCode::BadTicket, Some(_)) => self.seat = None,
            (ErrorCode::RateLimited | ErrorCode::Internal | ErrorCode::MediaUnavailable, _)
                if self.entered => {}
            _ => {
                self.effects.push(Effect::Report { code, message });
                return self.end(EndReason::Refused(code));
            }
        }
        let known = matches!(code, ErrorCode::SeatGone | ErrorCode::BadTicket);
        let unanswered = if known {
            // the server is there and has said what it wants: no wait
            self.link.lost_until(Duration::ZERO, at)
        } else {
            self.link.lost(at)
        };
        self.forget_socket(unanswered);
    }

    fn ended(&mut self, ended: &Ended, at: Moment) {
        if let Some(retry_after_ms) = ended.retry_after_ms {
            return self.come_back(ended.code, retry_after_ms, at);
        }
        self.end(match ended.code {
            ErrorCode::Replaced => EndReason::Replaced,
            code => EndReason::Refused(code),
        });
    }

    fn come_back(&mut self, code: ErrorCode, retry_after_ms: u32, at: Moment) {
        self.server_restart = code == ErrorCode::ServerShutdown;
        if let Some(seat) = self.seat.as_mut().filter(|_| self.server_restart) {
            seat.resumable = false;
        }
        let after = Duration::from_millis(retry_after_ms.into());
        let unanswered = self.link.lost_until(after, at);
        self.forget_socket(unanswered);
    }
}
