//! The bridge's names are those that integrators rely on.

use protocol::{
    BridgeCode, BridgeError, BridgeEvent, BridgeFault, BridgeMethod, BridgePerson, BridgeTrouble,
    BridgeValue, ErrorCode, FromFrame, NumberedEvent, PeerId, ToFrame,
};
use serde_json::{Value, json};

fn contract(list: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/contract.json");
    let text = std::fs::read_to_string(path).expect("the contract");
    let contract: Value = serde_json::from_str(&text).expect("JSON");
    let items = contract[list].as_array().expect("a list").clone();
    items
        .iter()
        .map(|item| {
            let id = item["id"].as_str().expect("an id");
            let (_, name) = id.split_once('.').expect("a kind and a name");
            name.to_owned()
        })
        .collect()
}

#[test]
fn every_method_of_the_contract_can_be_called() {
    let methods = contract("methods");
    assert_eq!(methods.len(), 29);
    for name in methods {
        assert!(BridgeMethod::of_name(&name).is_some(), "{name}");
    }
    assert_eq!(BridgeMethod::of_name("joins"), None);
}

#[test]
fn every_event_of_the_contract_is_told() {
    let events = contract("events");
    assert_eq!(events.len(), 22);
    for name in events {
        assert!(BridgeEvent::NAMES.contains(&name.as_str()), "{name}");
    }
}

fn ann() -> BridgePerson {
    BridgePerson {
        peer_id: Some(PeerId::parse("p1").expect("an id")),
        display_name: "Ann".into(),
    }
}

#[test]
fn events_have_their_number_name_and_data() {
    let event = |n, event, again| {
        let event = NumberedEvent { n, event, again };
        serde_json::to_value(FromFrame::Event(Box::new(event))).unwrap()
    };
    assert_eq!(
        event(7, BridgeEvent::SwitchOnCamera(ann()), false),
        json!({"type": "event", "n": 7, "event": "switchOnCamera",
               "data": {"peerId": "p1", "displayName": "Ann"}})
    );
    assert_eq!(
        event(1, BridgeEvent::Ready {}, true),
        json!({"type": "event", "n": 1, "event": "ready", "data": {}, "again": true})
    );
    let trouble = BridgeTrouble {
        person: ann(),
        error: BridgeError::new(BridgeFault::DeviceBusy, "in use"),
    };
    assert_eq!(
        event(2, BridgeEvent::ErrorGetCamera(trouble), false)["data"],
        json!({"peerId": "p1", "displayName": "Ann", "code": "device_busy", "message": "in use"})
    );
}

#[test]
fn the_name_in_the_list_is_the_name_on_the_wire() {
    let events = [
        (BridgeEvent::Join(ann()), "join"),
        (BridgeEvent::ReadyToJoin {}, "readyToJoin"),
        (BridgeEvent::PlayingAudioPrevent {}, "playingAudioPrevent"),
        (BridgeEvent::SwitchOffPin {}, "switchOffPin"),
        (BridgeEvent::WaitingGone(ann()), "waitingGone"),
    ];
    for (event, name) in events {
        assert_eq!(serde_json::to_value(event).unwrap()["event"], name);
        assert!(BridgeEvent::NAMES.contains(&name));
    }
}

#[test]
fn results_bear_a_value_or_an_error_and_its_stable_code() {
    let result = |value, error| FromFrame::Result {
        id: 3,
        value,
        error,
    };
    assert_eq!(
        serde_json::to_value(result(Some(BridgeValue::Is(true)), None)).unwrap(),
        json!({"type": "result", "id": 3, "value": true})
    );
    let forbidden = BridgeError::new(ErrorCode::Forbidden, "no");
    assert_eq!(forbidden.code, BridgeCode::Server(ErrorCode::Forbidden));
    assert_eq!(
        serde_json::to_value(result(None, Some(forbidden))).unwrap(),
        json!({"type": "result", "id": 3, "error": {"code": "forbidden", "message": "no"}})
    );
}

#[test]
fn a_call_needs_no_data() {
    let call: ToFrame =
        serde_json::from_value(json!({"type": "call", "id": 1, "method": "enableMic"})).unwrap();
    let ToFrame::Call {
        id,
        method,
        data,
        click,
    } = call;
    assert_eq!((id, method.as_str(), data), (1, "enableMic", Value::Null));
    assert!(!click);
}

#[test]
fn the_last_message_is_nothing_but_its_type() {
    assert_eq!(
        serde_json::to_value(FromFrame::Gone).unwrap(),
        json!({"type": "gone"})
    );
}
