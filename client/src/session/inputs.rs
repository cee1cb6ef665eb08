//! Camera and microphone: what is wanted, what is held, what to do about it.
//!
//! A camera that is off is closed, so that its light goes off. A microphone
//! that is off stays open and silent, so that it is back within a blink.

use protocol::{Allowed, Source};

use super::{
    channel::{Channel, Held},
    io::{DeviceList, InputRequest},
};
use crate::model::{Device, DeviceFailure, Devices, NoticeKind};

/// Level of speech, of 100.
const SPEECH_LEVEL: u8 = 30;
/// So many loud levels in a row (they come 15 times a second) are speech.
const SPEECH_RUN: u32 = 4;
/// So many quiet ones in a row are its end.
const SILENCE_RUN: u32 = 30;

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
    /// Those that are allowed are wanted, unless the participant said otherwise;
    /// what failed is tried again.
    pub(super) fn preview(&mut self, allowed: Allowed) {
        let channels = [&mut self.camera, &mut self.microphone];
        for channel in channels.into_iter().filter(|c| allowed.allows(c.source)) {
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

    /// It is on, or about to be. What could not be had is neither.
    pub(super) fn is_coming(&self, source: Source) -> bool {
        let channel = match source {
            Source::Camera => &self.camera,
            Source::Microphone => &self.microphone,
            Source::Screen | Source::ScreenAudio => return false,
        };
        channel.wanted && !matches!(channel.held, Held::Failed(_))
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

    /// What may not be used is closed.
    fn forbid(&mut self, allowed: Allowed) -> Vec<Source> {
        let channels = [&mut self.camera, &mut self.microphone];
        let forbidden = channels.into_iter().filter(|c| !allowed.allows(c.source));
        let open = forbidden.filter_map(|channel| channel.forbid().then_some(channel.source));
        open.collect()
    }

    /// What has to be done so that what is held is what is wanted and allowed.
    /// Released devices are not opened (`active` is false after the end).
    pub(super) fn reconcile(&mut self, active: bool, allowed: Allowed) -> ToDo {
        let mut todo = ToDo {
            close: self.forbid(allowed),
            ..ToDo::default()
        };
        if !active {
            todo.close.extend(self.release());
            return todo;
        }
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
            input.switching = channel.is_switching();
            input.failures = channel.failures;
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
