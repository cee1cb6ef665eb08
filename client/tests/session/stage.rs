//! A session with a clock that the test moves, and a server that it plays.

use std::time::Duration;

use client::{
    Intent, Moment, RoomConfig,
    model::{Device, Model, NoticeKind},
    session::{Effect, Environment, Input, Session, TransportState},
};
use protocol::{
    Allowed, ChatMessage, ClientFrame, ClientMessage, DisplayName, ErrorCode, ErrorDetails,
    MediaState, Offer, Participant, PeerId, Role, RoomEvent, RoomId, RoomKind, RoomSettings,
    ServerFrame, ServerMessage, Snapshot, Source, Welcome, WireError, You,
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
    /// The clock on the wall, at the start.
    pub(crate) unix_ms: u64,
    /// What the server was told to be on.
    told: MediaState,
    /// The name that the server was told.
    name: DisplayName,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(config())
    }

    pub(crate) fn with(config: RoomConfig) -> Self {
        let mut stage = Self {
            session: Session::new(config),
            now: Duration::from_secs(1_000),
            random: 1,
            effects: Vec::new(),
            socket: 0,
            unix_ms: 1_700_000_000_000,
            told: MediaState::default(),
            name: DisplayName::default(),
        };
        stage.input(Input::Started(Environment::default()));
        stage
    }

    /// In the meeting with nothing but oneself, media connected.
    pub(crate) fn joined() -> Self {
        Self::joined_as(|_| {})
    }

    /// The same, as the server sees oneself.
    pub(crate) fn joined_as(change: impl FnOnce(&mut Welcome)) -> Self {
        let mut stage = Self::new();
        stage.intent(Intent::Join);
        stage.open_socket();
        stage.welcome_as(change);
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
            unix_ms: self.unix_ms(),
            random: self.random,
        };
        for effect in self.session.apply(input, at) {
            if let Effect::Send(frame) = &effect {
                self.hear_of(&frame.message);
            }
            if let Effect::OpenSocket(socket) = effect {
                self.socket = socket;
            }
            self.effects.push(effect);
        }
    }

    /// The page's clock.
    pub(crate) fn unix_ms(&self) -> u64 {
        let passed = self.now.saturating_sub(Duration::from_secs(1_000));
        self.unix_ms + u64::try_from(passed.as_millis()).expect("a short test")
    }

    /// The server takes over what it is told.
    fn hear_of(&mut self, message: &ClientMessage) {
        match message {
            ClientMessage::Join(join) => {
                self.told = join.media;
                self.name = join.display_name.clone();
            }
            ClientMessage::SetMedia { source, on } => self.told = self.told.with(*source, *on),
            ClientMessage::SetDisplayName { display_name } => self.name = display_name.clone(),
            _ => {}
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
        self.welcome_as(|_| {});
    }

    pub(crate) fn welcome_as(&mut self, change: impl FnOnce(&mut Welcome)) {
        self.greet(welcome(false, Some(snapshot(Vec::new()))), change);
    }

    pub(crate) fn resumed(&mut self) {
        self.resumed_as(|_| {});
    }

    pub(crate) fn resumed_as(&mut self, change: impl FnOnce(&mut Welcome)) {
        self.greet(welcome(true, None), change);
    }

    fn greet(&mut self, message: ServerMessage, change: impl FnOnce(&mut Welcome)) {
        let ServerMessage::Welcome(mut welcome) = message else {
            panic!("not a welcome: {message:?}");
        };
        welcome.you.participant.media = self.told;
        welcome.you.participant.display_name = self.name.clone();
        change(&mut welcome);
        self.hear(Some(1), ServerMessage::Welcome(welcome));
    }

    pub(crate) fn refuse_with(&mut self, re: u32, code: ErrorCode, details: ErrorDetails) {
        let error = WireError::new(code, "no").with(details);
        self.hear(Some(re), ServerMessage::Error(error));
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

pub(crate) fn config() -> RoomConfig {
    RoomConfig {
        room_id: RoomId::parse("room").expect("a valid id"),
        kind: RoomKind::Call,
        peer_id: None,
        query: String::new(),
        display_name: None,
        role: Role::Participant,
        recorder: None,
    }
}

pub(crate) fn peer(id: &str) -> PeerId {
    PeerId::parse(id).expect("a valid id")
}

pub(crate) fn device(id: &str) -> Device {
    Device {
        id: id.to_owned(),
        label: format!("label of {id}"),
        group: String::new(),
    }
}

pub(crate) fn participant(id: &str) -> Participant {
    Participant {
        id: peer(id),
        display_name: id.into(),
        media: MediaState::default(),
        joined_at: 0,
        connected: true,
        role: Role::Participant,
        allowed: Allowed::ALL,
        hand_raised_at: None,
        language: None,
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
        from: Some(peer(from)),
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
        settings: RoomSettings::default(),
        viewers: 0,
        participants: vec![participant(ME)],
        chat,
        recording: None,
    }
}

pub(crate) fn welcome(resumed: bool, snapshot: Option<Snapshot>) -> ServerMessage {
    ServerMessage::Welcome(Box::new(Welcome {
        version: protocol::PROTOCOL_VERSION,
        peer_id: peer(ME),
        ticket: "ticket".to_owned(),
        resumed,
        you: You {
            participant: participant(ME),
            may_chat: true,
            may_raise_hand: false,
            may_record: false,
            no_recording: None,
            token_ends_at: None,
        },
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
