//! What happened, told from the difference between two models.

mod moderators;
mod own;
mod people;
mod recording;

use client::model::{EndReason, Model, Phase};
use protocol::{
    BridgeCode, BridgeError, BridgeEvent, BridgePerson, BridgeTrouble, ErrorCode, LeftBy,
    LeftReason, LeftWord, Participant, PeerId, Source, WireError,
};

use super::outcome::{pin_code, refused};
use crate::ended::may_come_back;

/// What happened between two models. `by_host` is true when the embedding page
/// has asked to leave.
pub(super) fn changes(before: &Model, after: &Model, by_host: bool) -> Vec<BridgeEvent> {
    let mut events = Vec::new();
    events.extend(connection(before, after));
    events.extend(door(before, after));
    if is_inside(after) {
        if !is_inside(before) {
            events.push(BridgeEvent::Join(myself(after)));
        }
        people::tell(before, after, &mut events);
        moderators::tell(before, after, &mut events);
        recording::tell(before, after, &mut events);
    }
    own::tell(before, after, &mut events);
    events.extend(end(before, after, by_host));
    events
}

/// The address itself is refused.
pub(super) fn refusal_of_page(error: &WireError) -> [BridgeEvent; 2] {
    let told = BridgeEvent::ConnectionError {
        peer_id: None,
        error: error.message.clone(),
        code: BridgeCode::Server(error.code),
    };
    [told, left(&EndReason::Refused(error.clone()), false)]
}

/// Who is held on the stage, before and after.
pub(super) fn pin_change(before: Option<&PeerId>, after: Option<&PeerId>) -> Option<BridgeEvent> {
    if before == after {
        return None;
    }
    Some(match after {
        Some(peer) => BridgeEvent::SwitchOnPin {
            peer_id: peer.clone(),
        },
        None => BridgeEvent::SwitchOffPin {},
    })
}

/// In the meeting, with a connection or without.
pub(super) fn is_inside(model: &Model) -> bool {
    matches!(model.phase, Phase::Joined | Phase::Reconnecting { .. })
}

/// Oneself.
pub(super) fn myself(model: &Model) -> BridgePerson {
    let name = match &model.you {
        Some(you) => &you.participant.display_name,
        None => &model.devices.display_name,
    };
    BridgePerson {
        peer_id: model.me.clone(),
        display_name: name.clone(),
    }
}

fn person(participant: &Participant) -> BridgePerson {
    BridgePerson {
        peer_id: Some(participant.id.clone()),
        display_name: participant.display_name.clone(),
    }
}

fn connection(before: &Model, after: &Model) -> Option<BridgeEvent> {
    if tries(&after.phase) > 1 && tries(&before.phase) <= 1 {
        return Some(BridgeEvent::ConnectionFailed {});
    }
    let lost = matches!(after.phase, Phase::Reconnecting { .. });
    if lost && before.phase == Phase::Joined {
        return Some(BridgeEvent::Disconnected {});
    }
    let waits = after.phase == Phase::Waiting && before.phase != Phase::Waiting;
    waits.then(|| BridgeEvent::Waiting {
        person: myself(after),
        removed_before: false,
    })
}

/// Why the door does not open, when that is new.
fn door(before: &Model, after: &Model) -> Option<BridgeEvent> {
    let code = match &after.phase {
        Phase::AskPin(state) if before.phase != after.phase => pin_code(*state),
        // the start may be moved while one waits for it
        Phase::Early { .. } if !matches!(before.phase, Phase::Early { .. }) => {
            ErrorCode::NotStarted
        }
        _ => return None,
    };
    Some(refusal(after, code.into(), refused(code).message))
}

/// How often it was tried to reach the server.
fn tries(phase: &Phase) -> u32 {
    match phase {
        Phase::Joining { attempt } | Phase::Reconnecting { attempt, .. } => *attempt,
        _ => 0,
    }
}

fn end(before: &Model, after: &Model, by_host: bool) -> Vec<BridgeEvent> {
    let Phase::Ended(reason) = &after.phase else {
        return Vec::new();
    };
    if matches!(before.phase, Phase::Ended(_)) {
        return Vec::new();
    }
    let mut events = Vec::new();
    match reason {
        EndReason::Left => events.push(BridgeEvent::ConnectionClosed {}),
        EndReason::Replaced => events.push(BridgeEvent::Disconnected {}),
        EndReason::Refused(error) => {
            if is_inside(before) {
                events.push(BridgeEvent::Disconnected {});
            }
            events.push(refusal(after, error.code.into(), error.message.clone()));
        }
    }
    events.push(left(reason, by_host));
    events
}

fn left(reason: &EndReason, by_host: bool) -> BridgeEvent {
    let (word, by) = match reason {
        EndReason::Left if by_host => (LeftReason::Left(LeftWord::Left), LeftBy::Host),
        EndReason::Left => (LeftReason::Left(LeftWord::Left), LeftBy::Participant),
        EndReason::Replaced => (LeftReason::Code(ErrorCode::Replaced), LeftBy::Participant),
        EndReason::Refused(error) => (LeftReason::Code(error.code), ender(error.code)),
    };
    BridgeEvent::Left {
        reason: word,
        by,
        can_rejoin: may_come_back(reason),
    }
}

fn ender(code: ErrorCode) -> LeftBy {
    match code {
        ErrorCode::Removed | ErrorCode::Rejected | ErrorCode::MeetingEnded => LeftBy::Moderator,
        _ => LeftBy::Server,
    }
}

/// Something was refused; the server's words, or ours for its code.
pub(super) fn refusal(model: &Model, code: BridgeCode, error: String) -> BridgeEvent {
    BridgeEvent::ConnectionError {
        peer_id: model.me.clone(),
        error,
        code,
    }
}

/// One's own camera, microphone or screen cannot be had.
pub(super) fn trouble(model: &Model, source: Source, error: BridgeError) -> BridgeEvent {
    let trouble = BridgeTrouble {
        person: myself(model),
        error,
    };
    match source {
        Source::Camera => BridgeEvent::ErrorGetCamera(trouble),
        Source::Microphone => BridgeEvent::ErrorGetMic(trouble),
        Source::Screen | Source::ScreenAudio => BridgeEvent::ErrorGetShare(trouble),
    }
}

#[cfg(test)]
mod tests;
