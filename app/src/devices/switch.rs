//! Microphone and camera as something to switch: what it is now, how it is
//! called, which icon it has.

use client::{
    Intent,
    model::{Input, InputState},
};
use leptos::prelude::*;
use protocol::Source;

use crate::{components::Glyph, state::Meeting, text::text};

/// The switch of the microphone or the camera.
#[derive(Clone, Copy)]
pub(crate) struct Switch {
    meeting: Meeting,
    source: Source,
    input: RwSignal<Input>,
}

impl Switch {
    /// The microphone's.
    pub(crate) fn microphone(meeting: Meeting) -> Self {
        Self {
            meeting,
            source: Source::Microphone,
            input: meeting.store.microphone,
        }
    }

    /// The camera's.
    pub(crate) fn camera(meeting: Meeting) -> Self {
        Self {
            meeting,
            source: Source::Camera,
            input: meeting.store.camera,
        }
    }

    /// On, or about to be.
    pub(crate) fn is_on(self) -> bool {
        self.input
            .with(|input| input.wanted && !matches!(input.state, InputState::Failed(_)))
    }

    /// Wanted, but not to be had.
    pub(crate) fn has_failed(self) -> bool {
        self.input
            .with(|input| matches!(input.state, InputState::Failed(_)))
    }

    /// What a click does, in words.
    pub(crate) fn label(self) -> &'static str {
        let words = &text().devices;
        match (self.source, self.is_on()) {
            (Source::Microphone, true) => words.microphone_off,
            (Source::Microphone, false) => words.microphone_on,
            (_, true) => words.camera_off,
            (_, false) => words.camera_on,
        }
    }

    /// How it is, as a picture.
    pub(crate) fn glyph(self) -> Glyph {
        match (self.source, self.is_on()) {
            (Source::Microphone, true) => icondata::LuMic,
            (Source::Microphone, false) => icondata::LuMicOff,
            (_, true) => icondata::LuVideo,
            (_, false) => icondata::LuVideoOff,
        }
    }

    /// The other way round.
    pub(crate) fn toggle(self) {
        let on = untrack(|| self.is_on());
        self.meeting.send(Intent::SetInput(self.source, !on));
    }
}
