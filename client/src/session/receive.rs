//! What the server says, message by message.

use std::time::Duration;

use protocol::{
    ClientMessage, DisplayName, Ended, ErrorCode, PeerId, RoomEvent, ServerFrame, ServerMessage,
    Snapshot, Welcome, WireError, You,
};

use super::{Seat, Session, SlotCounts, door::Door, link::Request, people::quality_changed};
use crate::Moment;

impl Session {
    pub(super) fn receive(&mut self, frame: ServerFrame, at: Moment) {
        self.link.heard();
        let request = self.link.answered(&frame);
        match frame.message {
            ServerMessage::Welcome(welcome) => self.welcome(*welcome, at),
            ServerMessage::Ok => self.acknowledged(request, at),
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
            ServerMessage::Waiting { ticket } => self.must_wait(ticket, at),
            ServerMessage::Pong => {}
            message => self.receive_for_me(message),
        }
    }

    /// What concerns this participant alone, or moderators.
    fn receive_for_me(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::You { you, ticket } => {
                if let Some(seat) = &mut self.seat {
                    seat.ticket = ticket;
                    self.take_you(*you);
                }
            }
            ServerMessage::TurnedOff {
                sources,
                reason,
                by,
            } => self.turned_off(sources, reason, by.as_ref()),
            ServerMessage::Asked { source, by } => self.asked(source, by),
            ServerMessage::Lobby {
                reset,
                waiting,
                gone,
            } => self.lobby_changed(reset, waiting, &gone),
            ServerMessage::Viewers {
                reset,
                viewers,
                gone,
            } => self.viewers_changed(reset, viewers, &gone),
            ServerMessage::Audience { count } => self.model.room.audience = count,
            _ => {}
        }
    }

    fn welcome(&mut self, welcome: Welcome, at: Moment) {
        let first = !self.entered;
        let me = welcome.peer_id;
        self.link.welcome(at);
        self.door = Door::Open;
        self.entered = true;
        self.server_restart = false;
        self.model.me = Some(me.clone());
        let last_event = self.seat.as_ref().map_or(0, |seat| seat.last_event);
        self.seat = Some(Seat {
            ticket: welcome.ticket,
            last_event,
            resumable: true,
        });
        if !welcome.resumed {
            self.token_let_in();
        }
        self.be(welcome.you, welcome.resumed);
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

    /// Oneself, as the welcome has it.
    fn be(&mut self, you: You, resumed: bool) {
        self.take_media(you.participant.media);
        if !resumed {
            self.lobby_is_new();
            self.model.asked.clear();
            self.languages.joined();
            self.raise_again(&you);
            self.take_name(&you.participant.display_name);
        }
        self.take_you(you);
    }

    /// The seat was lost with a raised hand; the wish was not.
    fn raise_again(&mut self, you: &You) {
        let raised = |you: &You| you.participant.hand_raised_at.is_some();
        let before = self.model.you.as_ref().is_some_and(raised);
        if before && you.may_raise_hand && !raised(you) {
            self.wishes
                .hold(ClientMessage::SetHand { raised: true }.into());
        }
    }

    /// The server has the last word on a name, unless it is a new one.
    fn take_name(&mut self, name: &DisplayName) {
        let devices = &mut self.model.devices;
        if self.outgoing.told_name() == Some(&devices.display_name) {
            devices.display_name.clone_from(name);
            self.outgoing.name_is(name.clone());
        }
    }

    fn enter(&mut self, me: &PeerId, snapshot: Snapshot, first: bool, again: bool, at: Moment) {
        if let Some(seat) = &mut self.seat {
            seat.last_event = snapshot.last_event;
        }
        let room = &mut self.model.room;
        room.id = Some(snapshot.room_id);
        room.settings = snapshot.settings;
        room.recording = snapshot.recording;
        room.audience = snapshot.viewers;
        self.people.replaced(room, snapshot.participants, again, at);
        self.chat.replaced(room, me, snapshot.chat, first);
    }

    /// Room events come in order; one that was seen before is dropped.
    fn event(&mut self, n: u64, event: RoomEvent, at: Moment) {
        let Some(seat) = self.seat.as_mut().filter(|seat| n > seat.last_event) else {
            return;
        };
        seat.last_event = n;
        self.mirror(&event);
        match &event {
            RoomEvent::SettingsChanged { settings } => {
                let before = &self.model.room.settings;
                self.languages.settings_changed(before, settings);
            }
            RoomEvent::Left { peer } => self
                .model
                .asked
                .retain(|asked| asked.by.as_ref() != Some(peer)),
            _ => {}
        }
        let me = self.model.me.as_ref();
        let room = &mut self.model.room;
        match event {
            RoomEvent::Chat { message } => return self.chat.arrived(room, me, message),
            RoomEvent::ChatCleared => return super::chat::cleared(room),
            _ => {}
        }
        if let Some(notice) = self.people.changed(room, me, event, at) {
            self.notify(notice);
        }
    }

    fn acknowledged(&mut self, request: Option<Request>, at: Moment) {
        match request {
            Some(Request::Chat { nonce }) => {
                self.chat.acknowledged(&mut self.model.room, &nonce);
            }
            Some(Request::Wish(wish)) => {
                match wish.message {
                    ClientMessage::SetHand { raised } => self.hand_taken(raised, at),
                    ClientMessage::SetToken { query, .. } => self.token_taken(query),
                    _ => {}
                }
                self.reply(wish.mark, Ok(()));
            }
            _ => {}
        }
    }

    fn refused(&mut self, request: Option<Request>, error: WireError, at: Moment) {
        let code = error.code;
        match request {
            Some(Request::Hello) => return self.not_welcome(error, at),
            Some(Request::Chat { nonce }) => {
                return self.chat.refused(&mut self.model.room, &nonce, code);
            }
            Some(Request::Offer { connection }) => self.transport.failed(connection, at),
            Some(Request::Wish(wish)) => {
                self.reply(wish.mark, Err(code));
                match &wish.message {
                    // nothing that the participant has asked for
                    ClientMessage::SetToken { query, .. } => self.token_refused(query),
                    _ => self.refuse_wish(&error),
                }
            }
            Some(request) if code == ErrorCode::RateLimited => self.too_fast(&request, at),
            Some(Request::Media { source, on: true }) => self.media_refused(source, code),
            Some(Request::Language { original }) => {
                self.languages.refused(original);
                // a language that has just ended is told by the settings
                if code != ErrorCode::BadMessage {
                    self.refuse(code);
                }
            }
            Some(Request::DisplayName) => self.name_refused(code),
            _ => {}
        }
        self.report(&error);
    }

    fn too_fast(&mut self, request: &Request, at: Moment) {
        if matches!(request, Request::Language { .. }) {
            self.languages.unanswered();
        }
        self.outgoing.too_fast(request, at);
    }

    /// The name stays what it was.
    fn name_refused(&mut self, code: ErrorCode) {
        if let Some(you) = &self.model.you {
            let name = you.participant.display_name.clone();
            self.model.devices.display_name = name.clone();
            self.outgoing.name_is(name);
            self.refuse(code);
        }
    }

    fn ended(&mut self, ended: &Ended, at: Moment) {
        if let Some(retry_after_ms) = ended.retry_after_ms {
            return self.come_back(ended.code, retry_after_ms, at);
        }
        self.refused_for_good(WireError::new(ended.code, ended.message.clone()));
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
