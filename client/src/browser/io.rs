//! Does what the session wants done: owns the socket, the connection, the
//! devices and the sound.

use protocol::Source;
use wasm_bindgen_futures::spawn_local;
use web_sys::MediaStreamTrack;

use super::{
    capture::{self, Captured},
    connection::Connection,
    devices,
    held::Held,
    inbox::{Event, Inbox},
    listener::{Listener, report},
    memory,
    playback::Playback,
    screen::{self, Screen},
    signaling::Socket,
    streams::Streams,
};
use crate::{
    model::{DeviceFailure, ScreenShare},
    session::{Effect, Input, InputRequest, Session},
};

/// A slot without a name carries nothing yet.
const FULL_VOLUME: u8 = 100;

pub(crate) struct Io {
    pub(crate) inbox: Inbox,
    socket: Option<Socket>,
    connection: Option<Connection>,
    pub(crate) held: Held,
    pub(crate) screen: Option<Screen>,
    pub(crate) streams: Streams,
    pub(crate) playback: Playback,
    _plugged: Option<Listener>,
}

impl Io {
    pub(crate) fn new(inbox: Inbox) -> Self {
        let plugged = devices::media_devices().ok().map(|devices| {
            let inbox = inbox.clone();
            Listener::new(&devices, "devicechange", move |_| {
                list_devices(inbox.clone());
            })
        });
        Self {
            playback: Playback::new(inbox.clone()),
            inbox,
            socket: None,
            connection: None,
            held: Held::default(),
            screen: None,
            streams: Streams::default(),
            _plugged: plugged,
        }
    }

    pub(crate) fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::OpenSocket(number) => self.open_socket(number),
            Effect::CloseSocket => self.socket = None,
            Effect::Send(frame) => {
                if let Some(socket) = &self.socket {
                    socket.send(&frame);
                }
            }
            Effect::StartConnection { connection } => self.start_connection(connection),
            Effect::StopConnection => self.connection = None,
            Effect::Offer {
                negotiation,
                restart_ice,
                slots,
                ..
            } => {
                if let Some(connection) = &self.connection {
                    connection.offer(negotiation, restart_ice, slots);
                }
            }
            Effect::Answer { sdp, .. } => {
                if let Some(connection) = &self.connection {
                    connection.answer(sdp);
                }
            }
            effect => self.execute_for_devices(effect),
        }
    }

    fn execute_for_devices(&mut self, effect: Effect) {
        match effect {
            Effect::OpenInputs(requests) => open_inputs(requests, self.inbox.clone()),
            Effect::CloseInput(source) => self.held.close(source),
            Effect::MuteMicrophone(muted) => self.held.mute_microphone(muted),
            Effect::PickScreen => pick_screen(self.inbox.clone()),
            Effect::StopScreen => self.screen = None,
            Effect::UseSpeaker(speaker) => self.playback.use_speaker(speaker),
            Effect::PlayAudio => self.playback.play(),
            Effect::Remember(choices) => memory::remember(&choices),
            Effect::Report { code, message } => {
                report(&format!("The server refused: {code:?}"), &message.into());
            }
            _ => {}
        }
    }
}

impl Io {
    pub(crate) fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// Takes what only the browser's side can hold; the rest is for the session.
    pub(crate) fn receive(&mut self, event: Event) -> Vec<Input> {
        match event {
            Event::Input(input) => vec![input],
            Event::Shared(screen) => {
                let audio = screen.track(Source::ScreenAudio).is_some();
                self.screen = Some(screen);
                vec![Input::ScreenStarted { audio }]
            }
            Event::Captured { request, outcome } => match outcome {
                Ok(captured) => vec![self.opened(request.source, captured)],
                Err(failure) => self.not_opened(request, failure),
            },
        }
    }

    /// Brings what is sent, played and shown in line with what there is.
    pub(crate) fn reconcile(&mut self, session: &Session) {
        let connection = self.connection.as_ref();
        self.streams.reconcile(session.slots(), connection);
        let sounds = connection.map(Connection::audio_tracks).unwrap_or_default();
        let volume = |slot: Option<String>| slot.map_or(FULL_VOLUME, |slot| session.volume(&slot));
        let sounds = sounds.into_iter();
        self.playback
            .reconcile(sounds.map(|(slot, track)| (track, volume(slot))).collect());
        if session.model().devices.screen == ScreenShare::Off {
            self.screen = None;
        }
        let Some(connection) = connection else { return };
        connection
            .senders()
            .limit(session.model().devices.video_bitrate);
        for source in [
            Source::Microphone,
            Source::Camera,
            Source::Screen,
            Source::ScreenAudio,
        ] {
            connection.senders().put(source, self.track(source));
        }
    }

    fn track(&self, source: Source) -> Option<&MediaStreamTrack> {
        let screen = self.screen.as_ref();
        let shared = screen.and_then(|screen| screen.track(source));
        shared.or_else(|| self.held.track(source))
    }

    fn opened(&mut self, source: Source, captured: Captured) -> Input {
        let device = devices::device_of(&captured.0);
        self.held.hold(source, captured, &self.inbox);
        // names are told only after permission was given
        list_devices(self.inbox.clone());
        Input::InputOpened { source, device }
    }

    /// Some systems open one camera at a time: then the one in use makes room.
    fn not_opened(&mut self, request: InputRequest, failure: DeviceFailure) -> Vec<Input> {
        let source = request.source;
        if failure == DeviceFailure::InUse && self.held.track(source).is_some() {
            self.held.close(source);
            open_inputs(vec![request], self.inbox.clone());
            return Vec::new();
        }
        let failed = Input::InputFailed { source, failure };
        if self.held.track(source).is_none() {
            return vec![Input::InputEnded(source), failed];
        }
        vec![failed]
    }

    fn open_socket(&mut self, number: u32) {
        // the one before is closed first
        self.socket = None;
        match Socket::open(number, &self.inbox) {
            Ok(socket) => self.socket = Some(socket),
            Err(error) => {
                report("The browser forbids the connection", &error);
                self.inbox.put(Input::SocketClosed(number));
            }
        }
    }

    fn start_connection(&mut self, number: u32) {
        self.connection = None;
        match Connection::new(number, self.inbox.clone()) {
            Ok(connection) => self.connection = Some(connection),
            Err(error) => {
                report("The browser has no media connection", &error);
                let connection = number;
                self.inbox.put(Input::NegotiationFailed { connection });
            }
        }
    }
}

fn list_devices(inbox: Inbox) {
    spawn_local(async move {
        inbox.put(Input::DevicesListed(devices::list().await));
    });
}

fn open_inputs(requests: Vec<InputRequest>, inbox: Inbox) {
    spawn_local(async move {
        for (request, outcome) in capture::open(requests).await {
            inbox.deliver(Event::Captured { request, outcome });
        }
    });
}

fn pick_screen(inbox: Inbox) {
    // asked at once: the browser wants it in the course of the click
    let picking = screen::pick(inbox.clone());
    spawn_local(async move {
        match picking.await {
            Ok(screen) => inbox.deliver(Event::Shared(screen)),
            Err(failure) => inbox.put(Input::ScreenFailed(failure)),
        }
    });
}
