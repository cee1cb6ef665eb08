//! A session with a clock that the test moves, and a server that it plays.

use std::time::Duration;

use client::{
    Intent, Moment, RoomConfig,
    model::{Device, Model, NoticeKind},
    session::{Effect, Environment, Input, Session, TransportState},
};
use protocol::{
    ChatMessage, ClientFrame, ClientMessage, ErrorCode, MediaState, Offer, Participant, PeerId,
    RoomEvent, RoomId, RoomKind, ServerFrame, ServerMessage, Snapshot, Source, Welcome, WireError,
};

pub(crate) const ME: &str = "me";

/// What a page says on one socket, and what the browser is asked to do.
pub(crate) struct Stage {
    pub(crate) session: Session,
    now: Duration,
    random: u64,
    /// All effects since the last look.
    effects: Vec<Effect>,
    /// The socket that was opened last.
    pub(crate) socket: u32,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let mut stage = Self {
            session: Session::new(RoomConfig {
                room_id: RoomId::parse("room").expect("a valid id"),
                kind: RoomKind::Call,
                peer_id: None,
            }),
            now: Duration::from_secs(1_000),
            random: 1,
            effects: Vec::new(),
            socket: 0,
        };
        stage.input(Input::Started(Environment::default()));
        stage
    }

    /// In the meeting with nothing but oneself, media connected.
    pub(crate) fn joined() -> Self {
        let mut stage = Self::new();
        stage.intent(Intent::Join);
        stage.open_socket();
        stage.welcome();
        stage.answer_offer();
        stage.transport(TransportState::Connected);
        stage.take_effects();
        stage
    }

    pub(crate) fn model(&self) -> &Model {
        self.session.model()
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let at = Moment {
            now: self.now,
            unix_ms: 1_700_000_000_000,
            random: self.random,
        };
        for effect in self.session.apply(input, at) {
            if let Effect::OpenSocket(socket) = effect {
                self.socket = socket;
            }
            self.effects.push(effect);
        }
    }

    pub(crate) fn intent(&mut self, intent: Intent) {
        self.input(Input::Intent(intent));
    }

    /// Lets time pass, with a tick whenever the session wants one.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(due) = self.session.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.input(Input::Tick);
        }
        self.now = end;
    }

    pub(crate) fn pass_ms(&mut self, milliseconds: u64) {
        self.pass(Duration::from_millis(milliseconds));
    }

    pub(crate) fn sleep(&mut self, time: Duration) {
        self.now += time;
        self.input(Input::Tick);
    }

    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The messages that were sent since the last look.
    pub(crate) fn take_sent(&mut self) -> Vec<ClientMessage> {
        self.take_frames().into_iter().map(|f| f.message).collect()
    }

    pub(crate) fn take_frames(&mut self) -> Vec<ClientFrame> {
        let sent = self
            .take_effects()
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Send(frame) => Some(frame),
                _ => None,
            });
        sent.collect()
    }

    pub(crate) fn open_socket(&mut self) {
        self.input(Input::SocketOpened(self.socket));
    }

    pub(crate) fn lose_socket(&mut self) {
        self.input(Input::SocketClosed(self.socket));
    }

    pub(crate) fn hear(&mut self, re: Option<u32>, message: ServerMessage) {
        self.input(Input::Received {
            socket: self.socket,
            frame: Box::new(ServerFrame { re, message }),
        });
    }

    pub(crate) fn welcome(&mut self) {
        self.hear(Some(1), welcome(false, Some(snapshot(Vec::new()))));
    }

    pub(crate) fn resumed(&mut self) {
        self.hear(Some(1), welcome(true, None));
    }

    pub(crate) fn refuse(&mut self, re: u32, code: ErrorCode) {
        self.hear(Some(re), ServerMessage::Error(WireError::new(code, "no")));
    }

    pub(crate) fn event(&mut self, n: u64, event: RoomEvent) {
        self.hear(None, ServerMessage::Event { n, event });
    }

    pub(crate) fn transport(&mut self, state: TransportState) {
        let connection = self.last_offer().map_or(1, |offer| offer.0);
        self.input(Input::Transport { connection, state });
    }

    /// The connection and number of the offer that was asked for last. Effects
    /// stay, for the test to look at.
    pub(crate) fn last_offer(&self) -> Option<(u32, u32, bool)> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Offer {
                connection,
                negotiation,
                restart_ice,
                ..
            } => Some((*connection, *negotiation, *restart_ice)),
            _ => None,
        })
    }

    /// The browser makes the offer that was asked for last.
    pub(crate) fn make_offer(&mut self) -> (u32, u32) {
        let (connection, negotiation, _) = self.last_offer().expect("an offer was asked for");
        self.input(Input::OfferReady(offer(connection, negotiation)));
        (connection, negotiation)
    }

    pub(crate) fn answer(&mut self, connection: u32, negotiation: u32) {
        let sdp = format!("answer {connection}/{negotiation}");
        self.hear(
            None,
            ServerMessage::Answer {
                negotiation,
                connection,
                sdp,
            },
        );
    }

    pub(crate) fn answer_offer(&mut self) {
        let (connection, negotiation) = self.make_offer();
        self.answer(connection, negotiation);
    }

    pub(crate) fn open_input(&mut self, source: Source, id: &str) {
        self.input(Input::InputOpened {
            source,
            device: device(id),
        });
    }

    pub(crate) fn notices(&self) -> Vec<NoticeKind> {
        let notices = self.model().notices.iter();
        notices.map(|notice| notice.kind.clone()).collect()
    }
}

pub(crate) fn peer(id: &str) -> PeerId {
    PeerId::parse(id).expect("a valid id")
}

pub(crate) fn device(id: &str) -> Device {
    Device {
        id: id.to_owned(),
        label: format!("label of {id}"),
    }
}

pub(crate) fn participant(id: &str) -> Participant {
    Participant {
        id: peer(id),
        display_name: id.into(),
        media: MediaState::default(),
        joined_at: 0,
        connected: true,
    }
}

pub(crate) fn joined(id: &str) -> RoomEvent {
    RoomEvent::Joined {
        participant: participant(id),
    }
}

pub(crate) fn chat_message(id: u64, from: &str, nonce: &str) -> ChatMessage {
    ChatMessage {
        id,
        from: peer(from),
        display_name: from.into(),
        text: format!("text {id}"),
        sent_at: id,
        nonce: nonce.to_owned(),
    }
}

pub(crate) fn chat(id: u64, from: &str, nonce: &str) -> RoomEvent {
    RoomEvent::Chat {
        message: chat_message(id, from, nonce),
    }
}

pub(crate) fn snapshot(chat: Vec<ChatMessage>) -> Snapshot {
    Snapshot {
        room_id: RoomId::parse("room").expect("a valid id"),
        created_at: 0,
        last_event: 10,
        participants: vec![participant(ME)],
        chat,
    }
}

pub(crate) fn welcome(resumed: bool, snapshot: Option<Snapshot>) -> ServerMessage {
    ServerMessage::Welcome(Box::new(Welcome {
        version: protocol::PROTOCOL_VERSION,
        peer_id: peer(ME),
        ticket: "ticket".to_owned(),
        resumed,
        snapshot,
        audio_slots: 4,
        max_video_slots: 49,
    }))
}

pub(crate) fn offer(connection: u32, negotiation: u32) -> Offer {
    Offer {
        negotiation,
        connection,
        sdp: format!("offer {connection}/{negotiation}"),
        tracks: Vec::new(),
    }
}
