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

mod chat;
mod devices;
mod inputs;
mod io;
mod link;
mod notices;
mod outgoing;
mod people;
mod receive;
mod transport;

use std::time::Duration;

use protocol::{PeerId, TrackRef};

pub use self::io::{
    Choices, DeviceList, Effect, Environment, Input, InputRequest, SlotCounts, TransportState,
};
use self::{
    chat::Chat,
    inputs::Inputs,
    link::{Due, Link, Request},
    notices::Notices,
    outgoing::Outgoing,
    people::People,
    transport::Transport,
};
use crate::{
    Intent, Moment, RoomConfig,
    model::{EndReason, Model, NoticeKind, Phase, ScreenShare},
    slots::SlotTable,
};

/// An outage shorter than this is not worth a word.
const SHORT_OUTAGE: Duration = Duration::from_secs(1);

/// A timer that comes so late was held up by sleep.
const OVERSLEPT: Duration = Duration::from_secs(10);

/// A seat in the room, which outlives its sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seat {
    ticket: String,
    last_event: u64,
    /// The server still has it, for all that is known.
    resumable: bool,
}

/// Where the participant wants to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Prejoin,
    Meeting,
    Ended(EndReason),
}

/// The session of one page.
#[derive(Debug)]
pub struct Session {
    config: RoomConfig,
    model: Model,
    stage: Stage,
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
    chat: Chat,
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
        Self {
            config,
            model,
            stage: Stage::Prejoin,
            link: Link::default(),
            seat: None,
            entered: false,
            server_restart: false,
            outage: None,
            transport: Transport::default(),
            slots: SlotTable::default(),
            people: People::default(),
            chat: Chat::default(),
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
            self.transport.deadline(up),
            self.outgoing.deadline(up),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Takes an input and says what is to be done, in this order.
    pub fn apply(&mut self, input: Input, at: Moment) -> Vec<Effect> {
        self.take(input, at);
        self.reconcile_inputs();
        self.tell(at);
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
            Intent::SendChat(text) => {
                let me = (self.model.me.as_ref(), &self.model.devices.display_name);
                self.chat.write(&mut self.model.room, &text, me, at);
            }
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
        }
    }

    fn join(&mut self, at: Moment) {
        if self.stage == Stage::Meeting {
            return;
        }
        self.stage = Stage::Meeting;
        self.entered = false;
        self.seat = None;
        // what was left unread belongs to the meeting before
        self.model.notices.clear();
        self.connect(at);
        // the offer is made while the socket opens
        self.slots.clear();
        self.transport.join(at, &mut self.effects);
    }

    fn leave(&mut self) {
        if self.stage == Stage::Meeting {
            self.say_leave();
        }
        self.end(EndReason::Left);
    }

    fn say_leave(&mut self) {
        if self.link.has_greeted() {
            self.send(protocol::ClientMessage::Leave, Request::Other);
        }
    }

    /// The session is over; devices, connection and socket end with it.
    fn end(&mut self, reason: EndReason) {
        self.stage = Stage::Ended(reason);
        self.seat = None;
        self.outage = None;
        self.server_restart = false;
        if !self.link.is_idle() {
            self.link.stop();
            self.effects.push(Effect::CloseSocket);
        }
        self.transport.stop(&mut self.effects);
        self.slots.clear();
        self.stop_screen();
        self.model.audio_blocked = false;
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
            self.outgoing.unanswered(&request);
        }
    }

    /// A new connection knows no slots.
    fn forget_slots_of(&mut self, before: u32) {
        if self.transport.connection() != before {
            self.slots.clear();
        }
    }

    /// Brings the derived parts of the model up to date.
    fn show(&mut self, at: Moment) {
        self.inputs.show(&mut self.model.devices);
        let phase = self.phase();
        let lost = matches!(phase, Phase::Reconnecting { .. });
        match self.outage {
            None if lost => self.outage = Some(at.now),
            Some(since) if phase == Phase::Joined => {
                self.outage = None;
                if at.now.saturating_sub(since) >= SHORT_OUTAGE {
                    self.notify(NoticeKind::Reconnected);
                }
            }
            _ => {}
        }
        self.model.phase = phase;
        self.model.room.videos = self.videos();
    }

    fn phase(&self) -> Phase {
        match self.stage {
            Stage::Prejoin => Phase::Prejoin,
            Stage::Ended(reason) => Phase::Ended(reason),
            Stage::Meeting if !self.entered => Phase::Joining {
                attempt: self.link.attempts() + 1,
            },
            Stage::Meeting if self.link.is_up() && !self.transport.is_lost() => Phase::Joined,
            Stage::Meeting => Phase::Reconnecting {
                attempt: self.link.attempts().max(1),
                server_restart: self.server_restart,
            },
        }
    }

    /// Tracks of others that are on and have a slot, and one's own.
    fn videos(&self) -> Vec<TrackRef> {
        let room = &self.model.room;
        let is_on = |track: &TrackRef| {
            let owner = room.participants.iter().find(|p| p.id == track.peer);
            owner.is_some_and(|owner| owner.media.is_on(track.source))
        };
        let others = self.slots.videos().map(|(_, track)| track);
        let mut videos: Vec<TrackRef> = others.filter(|track| is_on(track)).cloned().collect();
        videos.extend(self.own_videos());
        videos.sort_unstable();
        videos.dedup();
        videos
    }

    fn own_videos(&self) -> impl Iterator<Item = TrackRef> + use<'_> {
        let devices = &self.model.devices;
        let shared = matches!(devices.screen, ScreenShare::On { .. });
        let own = [
            (protocol::Source::Camera, devices.media.camera),
            (protocol::Source::Screen, shared),
        ];
        let me: Option<&PeerId> = self.model.me.as_ref();
        own.into_iter().filter_map(move |(source, on)| {
            let peer = me.filter(|_| on)?.clone();
            Some(TrackRef { peer, source })
        })
    }

    fn notify(&mut self, kind: NoticeKind) {
        self.notices.push(&mut self.model.notices, kind);
    }
}
