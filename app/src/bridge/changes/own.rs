//! The participant's own devices, and what was refused.

use client::model::{DeviceFailure, Model, ScreenShare};
use protocol::{BridgeError, BridgeEvent, BridgeFault, Source};

use super::{refusal, trouble};
use crate::bridge::outcome::{device_error, refused};

/// Tells what is different.
pub(super) fn tell(before: &Model, after: &Model, events: &mut Vec<BridgeEvent>) {
    let (then, now) = (&before.devices, &after.devices);
    for (source, then, now) in [
        (Source::Camera, &then.camera, &now.camera),
        (Source::Microphone, &then.microphone, &now.microphone),
    ] {
        if let Some(failure) = now.failures.since(then.failures.count) {
            events.push(trouble(after, source, device_error(failure)));
        }
    }
    if let Some(error) = share(before, after) {
        events.push(trouble(after, Source::Screen, error));
    }
    for one in after.refusals.since(before.refusals.count()) {
        let error = refused(one.code);
        if let Some(source) = one.source {
            events.push(trouble(after, source, error.clone()));
        }
        events.push(refusal(after, error.code, error.message));
    }
    if after.audio_blocked && !before.audio_blocked {
        events.push(BridgeEvent::PlayingAudioPrevent {});
    }
}

/// Why nothing is shared.
fn share(before: &Model, after: &Model) -> Option<BridgeError> {
    let (then, now) = (&before.devices, &after.devices);
    match now.share_failures.since(then.share_failures.count) {
        // the page's click may still be under way: the call knows
        Some(DeviceFailure::Untouched) => None,
        Some(failure) => Some(device_error(failure)),
        None => {
            let ended = then.screen == ScreenShare::Choosing && now.screen == ScreenShare::Off;
            ended.then(|| BridgeError::new(BridgeFault::Cancelled, "nothing was chosen to share"))
        }
    }
}
