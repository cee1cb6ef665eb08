//! How far a recording is.

use client::model::Model;
use protocol::{BridgeEvent, Recording, RecordingState};

use super::is_inside;

/// Tells what is different. Who comes into a room that is being recorded is
/// told that, and nothing of a recording that is over.
pub(super) fn tell(before: &Model, after: &Model, events: &mut Vec<BridgeEvent>) {
    let newcomer = !is_inside(before);
    let then = before.room.recording.as_ref().filter(|_| !newcomer);
    let now = after.room.recording.as_ref();
    let stage = |one: Option<&Recording>| one.map(|one| (one.id.clone(), one.state));
    if stage(then) == stage(now) {
        return;
    }
    if let Some(ran) = then.filter(|then| then.state == RecordingState::Recording) {
        let same = now.filter(|now| now.id == ran.id);
        if same.is_none_or(|now| now.state != RecordingState::Recording) {
            events.push(BridgeEvent::RecordingStopped(same.unwrap_or(ran).clone()));
        }
    }
    let Some(now) = now else { return };
    match now.state {
        RecordingState::Starting => events.push(BridgeEvent::RecordingStarting(now.clone())),
        RecordingState::Recording => events.push(BridgeEvent::RecordingStarted(now.clone())),
        RecordingState::Ready if !newcomer => {
            events.push(BridgeEvent::RecordingReady(now.clone()));
        }
        RecordingState::Failed if !newcomer => {
            events.push(BridgeEvent::RecordingFailed(now.clone()));
        }
        _ => {}
    }
}
