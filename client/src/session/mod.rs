//! The session: a pure state machine from [`Input`]s to [`Effect`]s.
//!
//! Owns the [`Model`] and decides everything: when to join, resume or join
//! again, what to offer, which device to open. It has no clock, no randomness
//! and no browser, so its tests run natively. `engine.rs` feeds it and does
//! what it says.
//!
//! Whatever the input, the end of [`Session::apply`] is the same: what should
//! be is compared with what the server was told and what is held, and the
//! difference becomes effects.

mod channel;
mod chat;
mod devices;
mod door;
mod inputs;
mod io;
mod languages;
mod link;
mod lobby;
mod notices;
mod outgoing;
mod people;
mod receive;
mod rights;
mod show;
mod stage;
mod token;
mod transport;
mod wishes;

use std::time::Duration;

use protocol::{ClientMessage, ErrorCode};

pub use self::io::{
    Choices, DeviceList, Effect, Environment, Input, InputRequest, SlotCounts, TransportState,
};
use self::{
    chat::Chat,
    door::Door,
    inputs::Inputs,
    languages::Languages,
    link::{Due, Link, Request},
    lobby::Seen,
    notices::Notices,
    outgoing::Outgoing,
    people::People,
    stage::{Seat, Stage},
    token::Proof,
    transport::Transport,
    wishes::{Wish, Wishes},
};
use crate::{
    Intent, Moment, RoomConfig,
    model::{Model, NoticeKind, RequestMark},
    slots::SlotTable,
};

/// A timer that comes so late was held up by sleep.
const OVERSLEPT: Duration = Duration::from_secs(10);

/// The session of one page.
#[derive(Debug)]
pub struct Session {
    config: RoomConfig,
    proof: Proof,
    model: Model,
    stage: Stage,
    door: Door,
    /// The digits of a private room, as they were given.
    pin: Option<String>,
    link: Link,
    seat: Option<Seat>,
    /// In this meeting, the server has said welcome.
    entered: bool,
    server_restart: bool,
    /// Since when the connection has been lost.
    outage: Option<Duration>,
    transport: Transport,
    slots: SlotTable,
    people: People,
    seen: Seen,
    chat: Chat,
    languages: Languages,
    wishes: Wishes,
    inputs: Inputs,
    /// The share is wanted.
    share: bool,
    outgoing: Outgoing,
    notices: Notices,
    choices: Choices,
    effects: Vec<Effect>,
}

impl Session {
    /// An idle session.
    #[must_use]
    pub fn new(config: RoomConfig) -> Self {
        let mut model = Model::default();
        model.room.id = Some(config.room_id.clone());
        model.room.kind = config.kind;
        model.devices.display_name = config.display_name.clone().unwrap_or_default();
        Self {
            config,
            proof: Proof::default(),
            model,
            stage: Stage::Prejoin,
            door: Door::default(),
            pin: None,
            link: Link::default(),
            seat: None,
            entered: false,
            server_restart: false,
            outage: None,
            transport: Transport::default(),
            slots: SlotTable::default(),
            people: People::default(),
            seen: Seen::default(),
            chat: Chat::default(),
            languages: Languages::default(),
            wishes: Wishes::default(),
            inputs: Inputs::default(),
            share: false,
            outgoing: Outgoing::default(),
            notices: Notices::default(),
            choices: Choices::default(),
            effects: Vec::new(),
        }
    }

    /// What there is to show.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Which slot carries which track.
    #[must_use]
    pub fn slots(&self) -> &SlotTable {
        &self.slots
    }

    /// When [`Input::Tick`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let up = self.link.is_up();
        let deadlines = [
            self.link.deadline(),
            self.door.deadline(),
            self.transport.deadline(up),
            self.outgoing.deadline(up),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Takes an input and says what is to be done, in this order.
    pub fn apply(&mut self, input: Input, at: Moment) -> Vec<Effect> {
        self.take(input, at);
        self.reconcile_rights();
        self.reconcile_inputs();
        self.tell(at);
        self.reply_to_dropped();
        self.show(at);
        std::mem::take(&mut self.effects)
    }

    fn take(&mut self, input: Input, at: Moment) {
        match input {
            Input::Intent(intent) => self.intent(intent, at),
            Input::Tick => self.tick(at),
            Input::Wake => self.wake(at),
            Input::PageGone => self.say_leave(),
            Input::Started(environment) => self.started(environment),
            Input::SocketOpened(socket) => self.socket_opened(socket),
            Input::SocketClosed(socket) => {
                if self.link.is_current(socket) {
                    self.socket_lost(at);
                }
            }
            Input::Received { socket, frame } => {
                if self.link.is_current(socket) {
                    self.receive(*frame, at);
                }
            }
            Input::OfferReady(offer) => self.transport.offer_ready(offer),
            Input::NegotiationFailed { connection } => self.transport.failed(connection, at),
            Input::Transport { connection, state } => {
                self.transport
                    .changed(connection, state, at, &mut self.effects);
            }
            Input::AudioBlocked(blocked) => self.model.audio_blocked = blocked,
            input => self.device_input(input, at),
        }
    }

    fn intent(&mut self, intent: Intent, at: Moment) {
        match intent {
            Intent::Join | Intent::Rejoin => self.join(at),
            Intent::Leave => self.leave(),
            Intent::SetDisplayName(name) => self.rename(&name),
            Intent::SendChat(text) => self.write(&text, at),
            Intent::RetryChat(nonce) => self.chat.retry(&mut self.model.room, &nonce),
            Intent::SetChatOpen(open) => self.chat.set_open(&mut self.model.room, open),
            Intent::SetView(tiles) => self.set_view(tiles, at),
            Intent::PlayAudio => self.effects.push(Effect::PlayAudio),
            Intent::DismissNotice(id) => self.model.notices.retain(|notice| notice.id != id),
            Intent::Preview
            | Intent::SetInput(..)
            | Intent::ChooseInput(..)
            | Intent::ChooseSpeaker(_)
            | Intent::SetScreen(_) => self.device_intent(intent),
            Intent::EnterPin(pin) => self.enter_pin(&pin, at),
            Intent::SetHand(raised) => self.wish(ClientMessage::SetHand { raised }),
            Intent::Moderate(moderation) => self.wish(ClientMessage::Moderate(moderation)),
            Intent::SetLanguage(language) => self.languages.want(language),
            Intent::MuteOriginal(muted) => self.model.room.original_muted = muted,
            Intent::AnswerAsked(source, yes) => self.answer_asked(source, yes),
            intent => self.host_intent(intent, at),
        }
    }

    /// What only an embedding page asks for.
    fn host_intent(&mut self, intent: Intent, at: Moment) {
        let devices = &mut self.model.devices;
        match intent {
            Intent::Rename(name) => self.rename_to(&name),
            Intent::SetVolume(volume) => devices.volume = volume,
            Intent::SetSilence(silenced) => devices.silenced = silenced,
            Intent::SetVideoBitrate(limit) => devices.video_bitrate = limit,
            Intent::Glance(tracks) => self.glance(tracks, at),
            Intent::Request(mark, request) => self.request(mark, request),
            _ => {}
        }
    }

    fn request(&mut self, mark: RequestMark, request: crate::Request) {
        let message = match request {
            crate::Request::Hand(raised) => ClientMessage::SetHand { raised },
            crate::Request::Moderate(moderation) => ClientMessage::Moderate(moderation),
            crate::Request::Token(token) => return self.bring_token(&token, mark),
        };
        self.wish(Wish {
            message,
            mark: Some(mark),
        });
    }

    fn write(&mut self, text: &str, at: Moment) {
        if self.model.you.as_ref().is_some_and(|you| !you.may_chat) {
            return self.refuse(ErrorCode::Forbidden);
        }
        let me = (self.model.me.as_ref(), &self.model.devices.display_name);
        self.chat.write(&mut self.model.room, text, me, at);
    }

    fn connect(&mut self, at: Moment) {
        let socket = self.link.connect(at);
        self.effects.push(Effect::OpenSocket(socket));
    }

    fn tick(&mut self, at: Moment) {
        let due = self.deadline().unwrap_or(at.now);
        if at.now > due.saturating_add(OVERSLEPT) {
            // the machine slept, and nothing of before can be relied on
            self.link.wake(at);
            self.transport.wake(at, &mut self.effects);
        }
        self.do_due(at);
    }

    fn wake(&mut self, at: Moment) {
        if self.stage == Stage::Meeting {
            // a phone call, or sleep, may have paused it
            self.effects.push(Effect::PlayAudio);
        }
        self.wake_door(at);
        self.link.wake(at);
        self.transport.wake(at, &mut self.effects);
        self.do_due(at);
    }

    /// What the time makes necessary.
    fn do_due(&mut self, at: Moment) {
        match self.link.due(at) {
            Due::Nothing => {}
            Due::Connect => self.connect(at),
            Due::Ping => self.send(protocol::ClientMessage::Ping, Request::Other),
            Due::Dead => self.socket_lost(at),
        }
        self.door_due(at);
        let (up, before) = (self.link.is_up(), self.transport.connection());
        self.transport.tick(up, at, &mut self.effects);
        self.forget_slots_of(before);
    }

    /// The socket is of no use: what was said on it and not answered is said
    /// again on the next one.
    fn socket_lost(&mut self, at: Moment) {
        let unanswered = self.link.lost(at);
        self.forget_socket(unanswered);
    }

    fn forget_socket(&mut self, unanswered: Vec<Request>) {
        self.effects.push(Effect::CloseSocket);
        self.chat.socket_lost();
        for request in unanswered {
            match request {
                Request::Language { .. } => self.languages.unanswered(),
                Request::Wish(wish) => self.wishes.unanswered(wish),
                request => self.outgoing.unanswered(&request),
            }
        }
    }

    /// A new connection knows no slots.
    fn forget_slots_of(&mut self, before: u32) {
        if self.transport.connection() != before {
            self.slots.clear();
        }
    }

    fn notify(&mut self, kind: NoticeKind) {
        self.notices.push(&mut self.model.notices, kind);
    }
}
