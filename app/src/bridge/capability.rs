//! What stands in the way of a feature, and the line that removes it.

use client::model::{DeviceFailure, InputState, Prospects};
use protocol::{BridgeCapability, CapabilityState};

/// What the iframe has to be given.
pub(super) const ALLOW: &str = "allow=\"camera; microphone; display-capture; autoplay; \
                                fullscreen; screen-wake-lock; clipboard-write; speaker-selection\"";
/// What a sandbox has to leave to the frame.
const SANDBOX: &str = "sandbox=\"allow-scripts allow-same-origin allow-forms allow-popups\"";

/// A feature that needs no device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Feature {
    /// The pages around this one let it.
    pub(super) allowed: bool,
    /// The browser has it.
    pub(super) supported: bool,
    /// The page came over HTTPS, or that does not matter.
    pub(super) secure: bool,
}

/// Camera, microphone or screen. `opaque`: the frame is sandboxed without an
/// origin of its own.
pub(super) fn of_source(prospects: Prospects, opaque: bool) -> BridgeCapability {
    let feature = Feature {
        allowed: prospects.allowed,
        supported: prospects.supported,
        secure: prospects.secure,
    };
    of_feature(feature, opaque)
        .or(prospects.denied.then_some(CapabilityState::Denied))
        .or((!prospects.present).then_some(CapabilityState::NoDevice))
        .map_or_else(fine, told)
}

/// What is known of a camera or microphone once it was tried: browsers do not
/// tell everything before.
pub(super) fn once_tried(prospects: Prospects, state: InputState) -> Prospects {
    let failed = |failure| state == InputState::Failed(failure);
    Prospects {
        present: prospects.present && !failed(DeviceFailure::NotFound),
        denied: prospects.denied || failed(DeviceFailure::Denied),
        ..prospects
    }
}

/// Full screen, a screen that stays on.
pub(super) fn of_any(feature: Feature, opaque: bool) -> BridgeCapability {
    of_feature(feature, opaque).map_or_else(fine, told)
}

/// Sound without a click. It is no question of the policy while it plays.
pub(super) fn of_autoplay(blocked: bool, allowed: bool, opaque: bool) -> BridgeCapability {
    match (blocked, allowed) {
        (_, false) if opaque => told(CapabilityState::Sandboxed),
        (_, false) => told(CapabilityState::BlockedByEmbedder),
        (true, true) => told(CapabilityState::AutoplayBlocked),
        (false, true) => fine(),
    }
}

fn of_feature(feature: Feature, opaque: bool) -> Option<CapabilityState> {
    if !feature.secure {
        return Some(CapabilityState::InsecureContext);
    }
    if !feature.allowed {
        // `allow` without an origin means that of `src`, which an opaque one is not
        return Some(match opaque {
            true => CapabilityState::Sandboxed,
            false => CapabilityState::BlockedByEmbedder,
        });
    }
    (!feature.supported).then_some(CapabilityState::Unsupported)
}

fn fine() -> BridgeCapability {
    BridgeCapability {
        state: CapabilityState::Ok,
        fix: None,
    }
}

fn told(state: CapabilityState) -> BridgeCapability {
    let fix = match state {
        CapabilityState::BlockedByEmbedder => Some(ALLOW.to_owned()),
        CapabilityState::Sandboxed => Some(format!("{SANDBOX} {ALLOW}")),
        CapabilityState::InsecureContext => {
            Some("embed the frame, and serve the page around it, over https://".to_owned())
        }
        CapabilityState::Denied => {
            Some("the participant allows it in the browser's settings of this site".to_owned())
        }
        CapabilityState::NoDevice => Some("a device has to be plugged in".to_owned()),
        CapabilityState::AutoplayBlocked => {
            Some("call playAudio in a click, or have the participant click the frame".to_owned())
        }
        CapabilityState::Ok | CapabilityState::Unsupported => None,
    };
    BridgeCapability { state, fix }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Prospects = Prospects {
        secure: true,
        supported: true,
        allowed: true,
        present: true,
        denied: false,
    };

    #[test]
    fn what_works_needs_nothing() {
        assert_eq!(of_source(GOOD, false), fine());
        assert_eq!(of_source(GOOD, true), fine());
        assert_eq!(of_autoplay(false, true, false), fine());
        let feature = Feature {
            allowed: true,
            supported: true,
            secure: true,
        };
        assert_eq!(of_any(feature, false), fine());
    }

    #[test]
    fn each_obstacle_is_told_apart_the_outermost_first() {
        let state = |prospects, opaque| of_source(prospects, opaque).state;
        let worst = Prospects {
            secure: false,
            supported: false,
            allowed: false,
            present: false,
            denied: true,
        };
        assert_eq!(state(worst, true), CapabilityState::InsecureContext);
        let secure = Prospects {
            secure: true,
            ..worst
        };
        assert_eq!(state(secure, true), CapabilityState::Sandboxed);
        assert_eq!(state(secure, false), CapabilityState::BlockedByEmbedder);
        let allowed = Prospects {
            allowed: true,
            ..secure
        };
        assert_eq!(state(allowed, false), CapabilityState::Unsupported);
        let supported = Prospects {
            supported: true,
            ..allowed
        };
        assert_eq!(state(supported, false), CapabilityState::Denied);
        let none = Prospects {
            present: false,
            ..GOOD
        };
        assert_eq!(state(none, false), CapabilityState::NoDevice);
        assert_eq!(
            of_autoplay(true, true, false).state,
            CapabilityState::AutoplayBlocked
        );
    }

    #[test]
    fn what_was_tried_in_vain_is_known() {
        let state = |failure| {
            let tried = once_tried(GOOD, InputState::Failed(failure));
            of_source(tried, false).state
        };
        assert_eq!(state(DeviceFailure::NotFound), CapabilityState::NoDevice);
        assert_eq!(state(DeviceFailure::Denied), CapabilityState::Denied);
        assert_eq!(state(DeviceFailure::InUse), CapabilityState::Ok);
        assert_eq!(once_tried(GOOD, InputState::On), GOOD);
    }

    #[test]
    fn the_fix_is_the_line_of_the_iframe() {
        let blocked = Prospects {
            allowed: false,
            ..GOOD
        };
        let fix = of_source(blocked, false).fix.unwrap();
        assert!(fix.starts_with("allow=\"camera; microphone"), "{fix}");
        let fix = of_source(blocked, true).fix.unwrap();
        assert!(
            fix.contains("allow-same-origin") && fix.contains(ALLOW),
            "{fix}"
        );
    }
}
