//! Camera and microphone: what is wanted, what is held, what to do about it.
//!
//! A camera that is off is closed, so that its light goes off. A microphone
//! that is off stays open and silent, so that it is back within a blink.

use protocol::Source;

use super::io::{DeviceList, InputRequest};
use crate::model::{Device, DeviceFailure, Devices, InputState, NoticeKind};

/// Level of speech, of 100.
const SPEECH_LEVEL: u8 = 30;
/// So many loud levels in a row (they come 15 times a second) are speech.
const SPEECH_RUN: u32 = 4;
/// What browsers call the device that the system prefers.
const DEFAULT: &str = "default";
/// So many quiet ones in a row are its end.
const SILENCE_RUN: u32 = 30;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Held {
    #[default]
    Nothing,
    Opening,
    Open(Device),
    /// Open, and another one is being opened to take its place.
    Switching(Device),
    Failed(DeviceFailure),
}

/// One camera or microphone.
#[derive(Debug)]
pub(super) struct Channel {
    source: Source,
    wanted: bool,
    /// The participant said so, not a default.
    decided: bool,
    /// Comes on by itself when a device is plugged in.
    waits_for_device: bool,
    chosen: Option<String>,
    /// Another device was chosen than the one that is open.
    reopen: bool,
    /// The one before was unplugged, by its id.
    unplugged: Option<String>,
    /// The ids of all there are, as listed last.
    listed: Vec<String>,
    held: Held,
}

impl Channel {
    fn new(source: Source) -> Self {
        Self {
            source,
            wanted: false,
            decided: false,
            waits_for_device: false,
            chosen: None,
            reopen: false,
            unplugged: None,
            listed: Vec::new(),
            held: Held::Nothing,
        }
    }

    fn want(&mut self, on: bool) {
        self.wanted = on;
        self.decided = true;
        self.waits_for_device = false;
        if !on {
            self.unplugged = None;
        }
        if matches!(self.held, Held::Failed(_)) {
            self.held = Held::Nothing;
        }
    }

    fn request(&mut self) -> Option<InputRequest> {
        self.held = match std::mem::take(&mut self.held) {
            Held::Nothing if self.wanted => Held::Opening,
            Held::Open(device) if self.reopen => Held::Switching(device),
            held => {
                self.held = held;
                return None;
            }
        };
        self.reopen = false;
        Some(InputRequest {
            source: self.source,
            device: match &self.unplugged {
                Some(gone) => self.substitute(gone),
                None => self.chosen.clone(),
            },
        })
    }

    /// What to take in place of a device that is gone. The system's default is
    /// a listed one of its own, which stands for another device now.
    fn substitute(&self, gone: &str) -> Option<String> {
        let default = self.listed.iter().find(|id| *id == DEFAULT);
        let other = || self.listed.iter().find(|id| *id != gone);
        default.or_else(other).cloned()
    }

    /// Gives an open device up, and says whether there was one. One that is
    /// still being opened follows when it is there.
    fn let_go(&mut self) -> bool {
        self.held = match std::mem::take(&mut self.held) {
            Held::Open(_) => Held::Nothing,
            Held::Switching(_) => Held::Opening,
            held => {
                self.held = held;
                return false;
            }
        };
        true
    }

    fn is_open(&self) -> bool {
        matches!(self.held, Held::Open(_) | Held::Switching(_))
    }

    fn is_on(&self) -> bool {
        self.wanted && self.is_open()
    }

    fn state(&self) -> InputState {
        match &self.held {
            Held::Failed(failure) => InputState::Failed(*failure),
            _ if !self.wanted => InputState::Off,
            Held::Open(_) | Held::Switching(_) => InputState::On,
            Held::Nothing | Held::Opening => InputState::Starting,
        }
    }

    fn device(&self) -> Option<String> {
        match &self.held {
            Held::Open(device) => Some(device.id.clone()),
            // what was chosen is what will be
            _ => self.chosen.clone(),
        }
    }

    fn opened(&mut self, device: Device) -> Option<NoticeKind> {
        let label = device.label.clone();
        self.held = Held::Open(device);
        let unplugged = self.unplugged.take();
        unplugged.map(|_| NoticeKind::DeviceReplaced {
            source: self.source,
            label,
        })
    }

    fn failed(&mut self, failure: DeviceFailure) -> Option<NoticeKind> {
        if let Held::Switching(device) = std::mem::take(&mut self.held) {
            // the one before goes on
            self.chosen = Some(device.id.clone());
            self.held = Held::Open(device);
            return Some(NoticeKind::DeviceFailed(self.source, failure));
        }
        self.held = Held::Failed(failure);
        self.waits_for_device = self.wanted && failure == DeviceFailure::NotFound;
        let wanted = std::mem::take(&mut self.wanted);
        let unplugged = self.unplugged.take();
        if unplugged.is_some() && failure == DeviceFailure::NotFound {
            return Some(NoticeKind::DeviceLost(self.source));
        }
        wanted.then_some(NoticeKind::DeviceFailed(self.source, failure))
    }

    fn ended(&mut self) {
        let gone = match std::mem::take(&mut self.held) {
            Held::Open(device) => device,
            Held::Switching(device) => {
                self.held = Held::Opening;
                device
            }
            held => {
                self.held = held;
                return;
            }
        };
        self.unplugged = self.wanted.then_some(gone.id);
    }

    fn listed(&mut self, devices: &[Device]) {
        let before = std::mem::replace(&mut self.listed, ids(devices));
        if self.waits_for_device && !devices.is_empty() {
            self.waits_for_device = false;
            self.wanted = true;
            self.held = Held::Nothing;
        }
        if let Held::Open(open) | Held::Switching(open) = &self.held
            && before.contains(&open.id)
            && !self.listed.contains(&open.id)
        {
            self.ended();
        }
    }
}

fn ids(devices: &[Device]) -> Vec<String> {
    devices.iter().map(|device| device.id.clone()).collect()
}

/// What reconciling found to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ToDo {
    pub(super) open: Vec<InputRequest>,
    pub(super) close: Vec<Source>,
    pub(super) mute: Option<bool>,
}

/// Both of them.
#[derive(Debug)]
pub(super) struct Inputs {
    camera: Channel,
    microphone: Channel,
    muted: bool,
    /// How many levels in a row were loud, or quiet, while muted.
    loud: u32,
    quiet: u32,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            camera: Channel::new(Source::Camera),
            microphone: Channel::new(Source::Microphone),
            muted: false,
            loud: 0,
            quiet: 0,
        }
    }
}

impl Inputs {
    /// Both are wanted, unless the participant said otherwise; what failed is
    /// tried again.
    pub(super) fn preview(&mut self) {
        for channel in [&mut self.camera, &mut self.microphone] {
            let failed = matches!(channel.held, Held::Failed(_));
            if !channel.decided || failed {
                channel.want(true);
                channel.decided = false;
            }
        }
    }

    pub(super) fn want(&mut self, source: Source, on: bool) {
        if let Some(channel) = self.channel(source) {
            channel.want(on);
        }
    }

    pub(super) fn remember(&mut self, camera: Option<String>, microphone: Option<String>) {
        self.camera.chosen = camera;
        self.microphone.chosen = microphone;
    }

    pub(super) fn choose(&mut self, source: Source, device: String) {
        let Some(channel) = self.channel(source) else {
            return;
        };
        channel.reopen = match &channel.held {
            Held::Open(open) => open.id != device,
            Held::Opening | Held::Switching(_) => true,
            Held::Nothing | Held::Failed(_) => false,
        };
        if matches!(channel.held, Held::Failed(_)) {
            channel.want(true);
        }
        channel.chosen = Some(device);
    }

    pub(super) fn opened(&mut self, source: Source, device: Device) -> Option<NoticeKind> {
        if source == Source::Microphone {
            // a newly opened one is heard until told otherwise
            self.muted = false;
        }
        self.channel(source)?.opened(device)
    }

    pub(super) fn failed(&mut self, source: Source, failure: DeviceFailure) -> Option<NoticeKind> {
        self.channel(source)?.failed(failure)
    }

    pub(super) fn ended(&mut self, source: Source) {
        if let Some(channel) = self.channel(source) {
            channel.ended();
        }
    }

    pub(super) fn listed(&mut self, list: &DeviceList) {
        self.camera.listed(&list.cameras);
        self.microphone.listed(&list.microphones);
    }

    /// Nothing is being asked for.
    pub(super) fn are_settled(&self) -> bool {
        [&self.camera, &self.microphone]
            .iter()
            .all(|channel| channel.held != Held::Opening)
    }

    /// The session is over: everything is closed, and what was wanted stays so.
    pub(super) fn release(&mut self) -> Vec<Source> {
        let mut close = Vec::new();
        for channel in [&mut self.camera, &mut self.microphone] {
            if channel.let_go() {
                close.push(channel.source);
            }
        }
        close
    }

    /// What has to be done so that what is held is what is wanted. Released
    /// devices are not opened (`active` is false after the end).
    pub(super) fn reconcile(&mut self, active: bool) -> ToDo {
        if !active {
            return ToDo {
                close: self.release(),
                ..ToDo::default()
            };
        }
        let mut todo = ToDo::default();
        if !self.camera.wanted && self.camera.let_go() {
            todo.close.push(Source::Camera);
        }
        let channels = [&mut self.camera, &mut self.microphone];
        todo.open = channels.into_iter().filter_map(Channel::request).collect();
        let muted = !self.microphone.wanted;
        // the one before is heard until the other one is there
        if self.microphone.is_open() && muted != self.muted {
            self.muted = muted;
            todo.mute = Some(muted);
        }
        todo
    }

    /// Takes a level of the microphone, which may be muted, over.
    pub(super) fn level(&mut self, level: u8, devices: &mut Devices) {
        let muted = self.muted && self.microphone.is_open();
        devices.level = if self.microphone.is_on() { level } else { 0 };
        if !muted {
            (self.loud, self.quiet) = (0, 0);
            devices.speaking_while_muted = false;
            return;
        }
        if level >= SPEECH_LEVEL {
            (self.loud, self.quiet) = (self.loud + 1, 0);
        } else {
            (self.loud, self.quiet) = (0, self.quiet + 1);
        }
        if self.loud >= SPEECH_RUN {
            devices.speaking_while_muted = true;
        } else if self.quiet >= SILENCE_RUN {
            devices.speaking_while_muted = false;
        }
    }

    /// Writes down how things are.
    pub(super) fn show(&self, devices: &mut Devices) {
        for (channel, input) in [
            (&self.camera, &mut devices.camera),
            (&self.microphone, &mut devices.microphone),
        ] {
            input.wanted = channel.wanted;
            input.state = channel.state();
            input.device = channel.device();
        }
        devices.media.camera = self.camera.is_on();
        devices.media.microphone = self.microphone.is_on();
        if !devices.media.microphone {
            devices.level = 0;
        }
        if devices.media.microphone || !self.microphone.is_open() {
            devices.speaking_while_muted = false;
        }
    }

    fn channel(&mut self, source: Source) -> Option<&mut Channel> {
        match source {
            Source::Camera => Some(&mut self.camera),
            Source::Microphone => Some(&mut self.microphone),
            Source::Screen | Source::ScreenAudio => None,
        }
    }
}
