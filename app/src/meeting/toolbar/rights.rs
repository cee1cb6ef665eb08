//! Switching one's own sources, as far as the moderators allow it.

use client::{Intent, model::ScreenShare};
use leptos::prelude::*;
use protocol::Source;

use crate::{
    devices::Switch,
    state::{Denied, Desk, May, Meeting},
    text::text,
};

/// Switches the microphone or camera, or says why not.
pub(in crate::meeting) fn toggle_input(meeting: Meeting, desk: Desk, source: Source) {
    let switch = match source {
        Source::Camera => Switch::camera(meeting),
        _ => Switch::microphone(meeting),
    };
    let on = untrack(|| switch.is_on());
    if on || allowed(meeting, desk, source) {
        switch.toggle();
    }
}

/// Shares a screen or stops, or says why not.
pub(in crate::meeting) fn toggle_share(meeting: Meeting, desk: Desk) {
    let store = meeting.store;
    if !store.can_share.get_untracked() {
        return;
    }
    let on = matches!(store.screen.get_untracked(), ScreenShare::On { .. });
    if on || allowed(meeting, desk, Source::Screen) {
        meeting.send(Intent::SetScreen(!on));
    }
}

/// Raises the hand or lowers it, where hands are raised at all.
pub(in crate::meeting) fn toggle_hand(meeting: Meeting) {
    let store = meeting.store;
    let (may, raised) = untrack(|| (store.may_raise_hand(), store.own_hand().is_some()));
    if may || raised {
        meeting.send(Intent::SetHand(!raised));
    }
}

fn allowed(meeting: Meeting, desk: Desk, source: Source) -> bool {
    let may = untrack(|| meeting.store.may_use(source));
    if may == May::Forbidden {
        desk.deny(Denied::Source(source));
    }
    may == May::Yes
}

/// Why something cannot be had.
pub(super) fn denied(what: Denied) -> &'static str {
    match what {
        Denied::Source(source) => forbidden(source),
        Denied::Recording(why) => text().recording.why_not(why).title,
    }
}

/// Why a source cannot be switched on.
pub(super) fn forbidden(source: Source) -> &'static str {
    let words = &text().tools;
    match source {
        Source::Microphone => words.microphone_forbidden,
        Source::Camera => words.camera_forbidden,
        Source::Screen | Source::ScreenAudio => words.screen_forbidden,
    }
}
