//! The participant's own devices, and what was refused.

use client::model::{DeviceFailure, Input, InputState, Model, NoticeKind, ScreenShare};
use protocol::{BridgeError, BridgeEvent, BridgeFault, BridgeTrouble, ErrorCode, Source};

use super::{myself, news, refusal};
use crate::bridge::outcome::{device_error, refused};

/// Tells what is different.
pub(super) fn tell(before: &Model, after: &Model, events: &mut Vec<BridgeEvent>) {
    let (then, now) = (&before.devices, &after.devices);
    for (source, then, now) in [
        (Source::Camera, &then.camera, &now.camera),
        (Source::Microphone, &then.microphone, &now.microphone),
    ] {
        if let Some(failure) = new_failure(then, now) {
            events.push(trouble(after, source, device_error(failure)));
        }
    }
    let mut share_failed = false;
    for kind in news(before, after) {
        share_failed |= matches!(kind, NoticeKind::ShareFailed(_));
        events.extend(notice(after, kind));
    }
    let ended = then.screen == ScreenShare::Choosing && now.screen == ScreenShare::Off;
    if ended && !share_failed {
        let cancelled = BridgeError::new(BridgeFault::Cancelled, "nothing was chosen to share");
        events.push(trouble(after, Source::Screen, cancelled));
    }
    if after.audio_blocked && !before.audio_blocked {
        events.push(BridgeEvent::PlayingAudioPrevent {});
    }
}

fn new_failure(then: &Input, now: &Input) -> Option<DeviceFailure> {
    match now.state {
        InputState::Failed(failure) if then.state != now.state => Some(failure),
        _ => None,
    }
}

fn notice(model: &Model, kind: &NoticeKind) -> Option<BridgeEvent> {
    match kind {
        NoticeKind::ShareFailed(failure) => {
            Some(trouble(model, Source::Screen, device_error(*failure)))
        }
        // a state of failure was told already; this one is of a change of devices
        NoticeKind::DeviceFailed(source, failure) if still_works(model, *source) => {
            Some(trouble(model, *source, device_error(*failure)))
        }
        NoticeKind::Refused(code) => Some(refusal(model, *code, refused(*code).message)),
        NoticeKind::NotRecorded(_) => {
            let code = ErrorCode::RecordingUnavailable;
            Some(refusal(model, code, refused(code).message))
        }
        _ => None,
    }
}

fn still_works(model: &Model, source: Source) -> bool {
    let input = match source {
        Source::Camera => &model.devices.camera,
        _ => &model.devices.microphone,
    };
    !matches!(input.state, InputState::Failed(_))
}

fn trouble(model: &Model, source: Source, error: BridgeError) -> BridgeEvent {
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
