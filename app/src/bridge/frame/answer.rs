//! What the frame tells when asked how things are.

use client::model::{Model, Phase};
use leptos::prelude::*;
use protocol::{
    BRIDGE_VERSION, BridgeEvent, BridgeMethod, BridgeParticipant, BridgeRoom, BridgeState,
    BridgeWelcome, Source,
};

use super::Frame;
use crate::{
    bridge::{
        changes::{is_inside, myself},
        device,
    },
    browser::full_screen,
    text::text,
};

/// Everybody on stage, as long as one is in the room.
pub(super) fn people(model: &Model) -> Vec<BridgeParticipant> {
    let people = model.room.participants.iter();
    people
        .filter(|_| is_inside(model))
        .map(|one| BridgeParticipant::of(one, model.me.as_ref()))
        .collect()
}

impl Frame {
    pub(super) fn welcome(&self) -> BridgeWelcome {
        let log = self.log.borrow();
        BridgeWelcome {
            version: BRIDGE_VERSION,
            methods: BridgeMethod::ALL,
            events: BridgeEvent::NAMES,
            session: self.session.clone(),
            first_event: log.first(),
            last_event: log.last(),
            room: BridgeRoom {
                room_id: self.room.id.clone(),
                kind: self.room.kind,
            },
            state: self.state(),
        }
    }

    pub(super) fn state(&self) -> BridgeState {
        // a page that is going shows what it showed last
        let now = self.look(Clone::clone);
        let model = now.unwrap_or_else(|_| self.before.borrow().clone());
        let (devices, you) = (
            &model.devices,
            model.you.as_ref().map(|you| &you.participant),
        );
        BridgeState {
            phase: phase(&model.phase),
            me: myself(&model),
            role: you.map(|you| you.role),
            camera: devices.media.camera,
            microphone: devices.media.microphone,
            share: devices.media.screen,
            hand: you.is_some_and(|you| you.hand_raised_at.is_some()),
            volume: devices.volume.as_percent(),
            muted: devices.silenced,
            audio_blocked: model.audio_blocked,
            bitrate: devices.video_bitrate,
            fullscreen: full_screen::is_on(),
            pinned: self.pinned.borrow().clone(),
            locale: text().lang,
            controls_visible: !self.page.controls_hidden.get_untracked(),
            indicators_hidden: self.page.indicators_hidden.get_untracked(),
            waiting_room: model.room.settings.waiting_room,
            audience: model.room.audience,
            recording: model.room.recording.clone(),
            token_ends_at: self.token_end.get(),
            cameras: device::told(device::list(&model, Source::Camera)),
            microphones: device::told(device::list(&model, Source::Microphone)),
        }
    }
}

fn phase(phase: &Phase) -> &'static str {
    match phase {
        Phase::Prejoin => "prejoin",
        Phase::Early { .. } => "early",
        Phase::AskPin(_) => "pin",
        Phase::Waiting => "waiting",
        Phase::Joining { .. } => "joining",
        Phase::Joined => "joined",
        Phase::Reconnecting { .. } => "reconnecting",
        Phase::Ended(_) => "ended",
    }
}
