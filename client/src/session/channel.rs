//! One camera or microphone: what is wanted, what is held.
//!
//! What is to be done about it, and both together, is in `inputs.rs`.

use protocol::Source;

use super::io::InputRequest;
use crate::model::{Device, DeviceFailure, Failures, InputState, NoticeKind};

/// What browsers call the device that the system prefers.
const DEFAULT: &str = "default";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Held {
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
    pub(super) source: Source,
    pub(super) wanted: bool,
    /// The participant said so, not a default.
    pub(super) decided: bool,
    /// Comes on by itself when a device is plugged in.
    waits_for_device: bool,
    pub(super) chosen: Option<String>,
    /// Another device was chosen than the one that is open.
    pub(super) reopen: bool,
    /// The one before was unplugged, by its id.
    unplugged: Option<String>,
    /// The ids of all there are, as listed last.
    listed: Vec<String>,
    pub(super) held: Held,
    pub(super) failures: Failures,
}

impl Channel {
    pub(super) fn new(source: Source) -> Self {
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
            failures: Failures::default(),
        }
    }

    pub(super) fn want(&mut self, on: bool) {
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

    pub(super) fn request(&mut self) -> Option<InputRequest> {
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

    /// It may not be used: closed, and it does not come back by itself. Says
    /// whether it was open.
    pub(super) fn forbid(&mut self) -> bool {
        if self.wanted || self.waits_for_device {
            self.want(false);
        }
        self.let_go()
    }

    /// Gives an open device up, and says whether there was one. One that is
    /// still being opened follows when it is there.
    pub(super) fn let_go(&mut self) -> bool {
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

    pub(super) fn is_open(&self) -> bool {
        matches!(self.held, Held::Open(_) | Held::Switching(_))
    }

    pub(super) fn is_on(&self) -> bool {
        self.wanted && self.is_open()
    }

    /// Another device was chosen and is not there yet.
    pub(super) fn is_switching(&self) -> bool {
        matches!(self.held, Held::Switching(_)) || (self.reopen && self.is_open())
    }

    pub(super) fn state(&self) -> InputState {
        match &self.held {
            Held::Failed(failure) => InputState::Failed(*failure),
            _ if !self.wanted => InputState::Off,
            Held::Open(_) | Held::Switching(_) => InputState::On,
            Held::Nothing | Held::Opening => InputState::Starting,
        }
    }

    pub(super) fn device(&self) -> Option<String> {
        match &self.held {
            Held::Open(device) => Some(device.id.clone()),
            // what was chosen is what will be
            _ => self.chosen.clone(),
        }
    }

    pub(super) fn opened(&mut self, device: Device) -> Option<NoticeKind> {
        let label = device.label.clone();
        self.held = Held::Open(device);
        let unplugged = self.unplugged.take();
        unplugged.map(|_| NoticeKind::DeviceReplaced {
            source: self.source,
            label,
        })
    }

    pub(super) fn failed(&mut self, failure: DeviceFailure) -> Option<NoticeKind> {
        self.failures.add(failure);
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

    pub(super) fn ended(&mut self) {
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

    pub(super) fn listed(&mut self, devices: &[Device]) {
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
