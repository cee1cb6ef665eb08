//! A call that fails is told by an event, too: pages that were written for the
//! reference product listen to those alone. Most failures are differences of the
//! model, and told already; this is for the rest.

use client::model::Model;
use protocol::{BridgeCode, BridgeError, BridgeEvent, BridgeFault, Source};

use super::{
    ask::Ask,
    changes::{refusal, trouble},
};

/// Which events tell of a call's failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// That of a device, and of who refused it.
    Device(Source),
    /// What the server, or a right, refused.
    Refusal,
    /// The call tells by itself.
    Itself,
}

impl Telling {
    pub(super) fn of(ask: &Ask) -> Self {
        match ask {
            Ask::Input(source, true) | Ask::Device(source, _) => Self::Device(*source),
            Ask::Share(true) => Self::Device(Source::Screen),
            Ask::Pin(_) => Self::Itself,
            _ => Self::Refusal,
        }
    }

    /// The events that tell of an error and were not told since the call.
    /// `again`: the page calls once more by itself when a click is missing.
    pub(super) fn events(
        self,
        model: &Model,
        error: &BridgeError,
        told: &[&BridgeEvent],
        again: bool,
    ) -> Vec<BridgeEvent> {
        let mut events = Vec::new();
        if again && error.code == BridgeFault::GestureRequired.into() {
            return events;
        }
        if let Self::Device(source) = self {
            events.push(trouble(model, source, error.clone()));
        }
        if self != Self::Itself && matches!(error.code, BridgeCode::Server(_)) {
            events.push(refusal(model, error.code, error.message.clone()));
        }
        events.retain(|event| !told.iter().any(|told| is_same(event, told)));
        events
    }
}

/// Whether two events tell the same.
fn is_same(one: &BridgeEvent, other: &BridgeEvent) -> bool {
    match (one, other) {
        (
            BridgeEvent::ConnectionError { code, .. },
            BridgeEvent::ConnectionError { code: other, .. },
        ) => code == other,
        (BridgeEvent::ErrorGetCamera(one), BridgeEvent::ErrorGetCamera(other))
        | (BridgeEvent::ErrorGetMic(one), BridgeEvent::ErrorGetMic(other))
        | (BridgeEvent::ErrorGetShare(one), BridgeEvent::ErrorGetShare(other)) => {
            one.error.code == other.error.code
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use protocol::ErrorCode;
    use serde_json::Value;

    use super::*;
    use crate::bridge::outcome::refused;

    fn told(ask: &(&str, Value), error: &BridgeError, before: &[BridgeEvent]) -> Vec<String> {
        let telling = Telling::of(&Ask::read(ask.0, &ask.1).unwrap());
        let before: Vec<_> = before.iter().collect();
        let events = telling.events(&Model::default(), error, &before, false);
        let name = |event| serde_json::to_value(event).unwrap()["event"].to_string();
        events.into_iter().map(name).collect()
    }

    #[test]
    fn a_device_that_is_refused_is_told_as_both() {
        let forbidden = refused(ErrorCode::Forbidden);
        let both = ["\"errorGetMic\"", "\"connectionError\""];
        assert_eq!(told(&("enableMic", Value::Null), &forbidden, &[]), both);
        let missing = BridgeError::new(BridgeFault::DeviceNotFound, "none");
        let camera = serde_json::json!({"constraints": {"video": {"label": "x"}}});
        let only = ["\"errorGetCamera\""];
        assert_eq!(told(&("changeDevice", camera), &missing, &[]), only);
    }

    #[test]
    fn what_was_told_since_the_call_is_not_told_again() {
        let forbidden = refused(ErrorCode::Forbidden);
        let before = [refusal(&Model::default(), forbidden.code, "no".to_owned())];
        let call = ("disableAllMics", Value::Null);
        assert!(told(&call, &forbidden, &before).is_empty());
        let other = refused(ErrorCode::RateLimited);
        assert_eq!(told(&call, &other, &before), ["\"connectionError\""]);
    }

    #[test]
    fn what_is_no_refusal_and_no_device_is_the_calls_own() {
        let unknown = BridgeError::new(BridgeFault::Unsupported, "no such language");
        assert!(told(&("setLocale", "tlh".into()), &unknown, &[]).is_empty());
        let nobody = refused(ErrorCode::NoSuchParticipant);
        assert!(told(&("enablePin", "x".into()), &nobody, &[]).is_empty());
    }

    #[test]
    fn a_click_that_is_under_way_is_no_failure_yet() {
        let error = BridgeError::new(BridgeFault::GestureRequired, "click");
        let telling = Telling::Device(Source::Screen);
        let events = |again| telling.events(&Model::default(), &error, &[], again);
        assert!(events(true).is_empty());
        assert_eq!(events(false).len(), 1);
    }
}
