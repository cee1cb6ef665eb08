//! What became of a call, read from the model: nothing yet, done, or why not.
//!
//! A call is answered when its state is reached and not after some time, so
//! what it says is true.

use client::model::{
    Delivery, DeviceFailure, EndReason, Input, InputState, Model, Phase, PinState, RequestMark,
    ScreenShare,
};
use protocol::{Allowed, BridgeError, BridgeFault, DisplayName, ErrorCode, Role, Source};

pub(super) use self::since::Since;
use super::changes::is_inside;

mod since;

/// Nothing yet, or how it ended.
pub(super) type Outcome = Option<Result<(), BridgeError>>;

const DONE: Outcome = Some(Ok(()));

/// Why a device cannot be had.
pub(super) fn device_error(failure: DeviceFailure) -> BridgeError {
    let (fault, message) = match failure {
        DeviceFailure::Denied => (BridgeFault::DeviceDenied, "the participant said no"),
        DeviceFailure::BlockedByEmbedder => (
            BridgeFault::BlockedByEmbedder,
            "the iframe's allow attribute lacks it; see diagnose()",
        ),
        DeviceFailure::NotFound => (BridgeFault::DeviceNotFound, "there is no such device"),
        DeviceFailure::InUse => (BridgeFault::DeviceBusy, "another program uses the device"),
        DeviceFailure::InsecureContext => (
            BridgeFault::InsecureContext,
            "the page is not served over HTTPS",
        ),
        DeviceFailure::Unsupported => (BridgeFault::Unsupported, "the browser cannot do it"),
        DeviceFailure::Untouched => (
            BridgeFault::GestureRequired,
            "the browser wants a click or a key within the frame first",
        ),
        DeviceFailure::Other => (
            BridgeFault::DeviceFailed,
            "the device failed; the frame's console has the browser's words",
        ),
    };
    BridgeError::new(fault, message)
}

/// The server, or the participant's role, said no.
pub(super) fn refused(code: ErrorCode) -> BridgeError {
    let message = match code {
        ErrorCode::Forbidden => "this participant has no right to it",
        ErrorCode::BroadcasterLimit => "the limit of maximum active attendees is exceeded",
        ErrorCode::NoSuchParticipant => "nobody with this id is there",
        ErrorCode::NotJoined => "the participant is not in the room",
        ErrorCode::RateLimited => "too much at once",
        ErrorCode::TokenExpired => "the token has expired",
        ErrorCode::TokenNotYetValid => "the token is not valid yet",
        ErrorCode::TokenUsedUp => "the token's lifetime is over",
        ErrorCode::TokenRoom => "the token is for another room",
        ErrorCode::TokenInvalid => "the token cannot be read, or its signature is wrong",
        ErrorCode::RecordingUnavailable => "this server cannot record now",
        ErrorCode::ChatText => "the text is empty or longer than 4000 characters",
        ErrorCode::PinRequired => "the room is private: join with its PIN",
        ErrorCode::PinWrong => "this is not the room's PIN",
        ErrorCode::PinLimited => "too many wrong PINs were tried; later again",
        ErrorCode::NotStarted => "the event has not started yet; it is joined when it does",
        _ => "the server refused",
    };
    BridgeError::new(code, message)
}

/// What a private room says of the PIN that it was, or was not, given.
pub(super) fn pin_code(state: PinState) -> ErrorCode {
    match state {
        PinState::Wanted => ErrorCode::PinRequired,
        PinState::Wrong => ErrorCode::PinWrong,
        PinState::Limited(_) => ErrorCode::PinLimited,
    }
}

/// Whether a source may be switched on now; after the end nothing may.
///
/// # Errors
/// `not_joined` or `forbidden`.
pub(super) fn may_turn_on(model: &Model, source: Source) -> Result<(), BridgeError> {
    if matches!(model.phase, Phase::Ended(_)) {
        return Err(refused(ErrorCode::NotJoined));
    }
    match may_use(model, source) {
        true => Ok(()),
        false => Err(refused(ErrorCode::Forbidden)),
    }
}

/// Whether a source may be switched on, as far as is known.
pub(super) fn may_use(model: &Model, source: Source) -> bool {
    let Some(you) = &model.you else { return true };
    let allowed = match you.participant.role {
        Role::Moderator => Allowed::ALL,
        Role::Viewer => Allowed::NONE,
        Role::Interpreter => Allowed {
            microphone: you.participant.allowed.microphone,
            ..Allowed::NONE
        },
        Role::Participant => you.participant.allowed,
    };
    allowed.allows(source)
}

/// A camera or microphone that was switched on or off. In the room it counts
/// when the room knows of it.
pub(super) fn switched(model: &Model, source: Source, on: bool, since: Since) -> Outcome {
    if on && matches!(model.phase, Phase::Ended(_)) {
        return Some(Err(refused(ErrorCode::NotJoined)));
    }
    let input = input(model, source);
    match input.state {
        InputState::Failed(failure) if on => Some(Err(device_error(failure))),
        InputState::Starting if on => None,
        InputState::On if on == input.wanted => known(model, source, on),
        InputState::Off | InputState::Failed(_) if !on => known(model, source, false),
        InputState::Off => Some(Err(why_off(model, source, since))),
        InputState::Failed(_) | InputState::Starting | InputState::On => None,
    }
}

fn known(model: &Model, source: Source, on: bool) -> Outcome {
    let told = match &model.you {
        Some(you) if is_inside(model) => you.participant.media.is_on(source) == on,
        _ => true,
    };
    told.then_some(Ok(()))
}

/// The camera or the microphone.
pub(super) fn input(model: &Model, source: Source) -> &Input {
    match source {
        Source::Camera => &model.devices.camera,
        _ => &model.devices.microphone,
    }
}

/// Why something is off that was switched on.
fn why_off(model: &Model, source: Source, since: Since) -> BridgeError {
    let code = since
        .refusal(model, Some(source))
        .or_else(|| since.turned_off(model, source));
    match code {
        Some(code) => refused(code),
        None if !may_use(model, source) => refused(ErrorCode::Forbidden),
        None => BridgeError::new(BridgeFault::Cancelled, "it was switched off again"),
    }
}

/// A screen that was to be shared, or not.
pub(super) fn shared(model: &Model, on: bool, since: Since) -> Outcome {
    match (model.devices.screen, on) {
        (ScreenShare::On { .. }, true) => known(model, Source::Screen, true),
        (ScreenShare::Off, false) => known(model, Source::Screen, false),
        (ScreenShare::Off, true) => Some(Err(why_not_shared(model, since))),
        // the browser's own question goes away by itself only
        (ScreenShare::Choosing, false) => DONE,
        (ScreenShare::On { .. }, false) | (ScreenShare::Choosing, true) => None,
    }
}

fn why_not_shared(model: &Model, since: Since) -> BridgeError {
    let failure = model.devices.share_failures.since(since.share);
    let code = since
        .refusal(model, Some(Source::Screen))
        .or_else(|| since.turned_off(model, Source::Screen));
    match (failure, code) {
        (Some(failure), _) => device_error(failure),
        (None, Some(code)) => refused(code),
        (None, None) if !may_use(model, Source::Screen) => refused(ErrorCode::Forbidden),
        (None, None) => BridgeError::new(BridgeFault::Cancelled, "nothing was chosen to share"),
    }
}

/// A room that was to be joined; its devices are on or known not to come.
pub(super) fn joined(model: &Model) -> Outcome {
    let settled = [&model.devices.camera, &model.devices.microphone]
        .iter()
        .all(|input| input.state != InputState::Starting && !input.switching);
    match &model.phase {
        Phase::Joined => settled.then_some(Ok(())),
        Phase::Ended(reason) => Some(Err(end_error(reason))),
        // the frame asks for it, too; whoever answers there is told by `join`
        Phase::AskPin(state) => Some(Err(refused(pin_code(*state)))),
        Phase::Prejoin => Some(Err(BridgeError::new(
            BridgeFault::Cancelled,
            "the participant went back",
        ))),
        _ => None,
    }
}

fn end_error(reason: &EndReason) -> BridgeError {
    match reason {
        EndReason::Left => BridgeError::new(BridgeFault::Cancelled, "the participant left"),
        EndReason::Replaced => refused(ErrorCode::Replaced),
        EndReason::Refused(error) => BridgeError::new(error.code, error.message.clone()),
    }
}

/// A room that was to be left.
pub(super) fn left(model: &Model) -> Outcome {
    matches!(model.phase, Phase::Ended(_) | Phase::Prejoin).then_some(Ok(()))
}

/// A name that was changed; the server has the last word.
pub(super) fn renamed(model: &Model, name: &DisplayName, since: Since) -> Outcome {
    let current = match &model.you {
        Some(you) if is_inside(model) => &you.participant.display_name,
        _ => &model.devices.display_name,
    };
    if current == name {
        return DONE;
    }
    let code = since.refusal(model, None);
    // another name was wished for meanwhile
    let code = code.or((model.devices.display_name != *name).then_some(ErrorCode::Forbidden));
    code.map(|code| Err(refused(code)))
}

/// Another device that was chosen.
pub(super) fn chosen(model: &Model, source: Source, id: &str, since: Since) -> Outcome {
    let input = input(model, source);
    if input.switching || input.state == InputState::Starting {
        return None;
    }
    if let InputState::Failed(failure) = input.state {
        return Some(Err(device_error(failure)));
    }
    if let Some(failure) = since.failure(model, source) {
        return Some(Err(device_error(failure)));
    }
    match input.device.as_deref() == Some(id) {
        true => DONE,
        // the browser took another one in its place
        false => Some(Err(device_error(DeviceFailure::NotFound))),
    }
}

/// What the server answered.
pub(super) fn replied(model: &Model, mark: RequestMark) -> Outcome {
    let reply = model.replies.iter().find(|reply| reply.mark == mark);
    reply.map_or_else(|| over(model), |reply| Some(reply.outcome.map_err(refused)))
}

/// After the end nothing is answered.
fn over(model: &Model) -> Outcome {
    let over = matches!(model.phase, Phase::Ended(_));
    over.then(|| Err(refused(ErrorCode::NotJoined)))
}

/// A message that was written; by its nonce.
pub(super) fn delivered(model: &Model, nonce: &str) -> Outcome {
    let line = model.room.chat.iter().rev();
    let line = line.clone().find(|line| line.message.nonce == nonce)?;
    match line.delivery {
        Delivery::Sending => over(model),
        Delivery::Delivered => DONE,
        Delivery::Failed(code) => Some(Err(refused(code))),
    }
}

#[cfg(test)]
mod tests;
