//! Calls are understood, or say what they take.

use serde_json::json;

use super::*;

fn fault(method: &str, data: &Value) -> BridgeFault {
    match Ask::read(method, data).unwrap_err().code {
        protocol::BridgeCode::Bridge(fault) => fault,
        code => panic!("{code:?}"),
    }
}

#[test]
fn every_method_is_understood_with_what_it_takes() {
    for method in BridgeMethod::ALL {
        let data = [
            json!(null),
            json!(true),
            json!("text"),
            json!(50_000),
            json!(50),
            json!({"userPeerId": "p", "kind": "audio"}),
            json!({"constraints": {"video": {"label": "x"}}}),
        ];
        let understood = data
            .iter()
            .any(|data| Ask::read(method.name(), data).is_ok());
        assert!(understood, "{}", method.name());
    }
}

#[test]
fn what_is_not_known_or_has_the_wrong_form_is_told_apart() {
    assert_eq!(
        fault("enableMicrophone", &json!(null)),
        BridgeFault::UnknownMethod
    );
    assert_eq!(fault("setVolume", &json!(101)), BridgeFault::BadData);
    assert_eq!(fault("setVolume", &json!("loud")), BridgeFault::BadData);
    assert_eq!(
        fault("setControlsVisible", &json!("yes")),
        BridgeFault::BadData
    );
    assert_eq!(fault("setBitrate", &json!(500)), BridgeFault::BadData);
    assert_eq!(fault("setBitrate", &json!(-1)), BridgeFault::BadData);
    assert_eq!(
        fault("changeDevice", &json!({"constraints": {}})),
        BridgeFault::BadData
    );
    assert_eq!(
        fault(
            "disabledTrackByModerator",
            &json!({"userPeerId": "a", "kind": "screen"})
        ),
        BridgeFault::BadData
    );
}

#[test]
fn join_takes_yes_no_and_devices() {
    let data = json!({"constraints": {
        "video": {"deviceId": "id", "label": "Cam", "groupId": "", "kind": "video"},
        "audio": false,
    }});
    let device = DeviceWish {
        id: Some("id".to_owned()),
        label: Some("Cam".to_owned()),
        group: None,
    };
    assert_eq!(
        Ask::read("join", &data),
        Ok(Ask::Join(JoinWith {
            camera: Some(InputWish::Device(device)),
            microphone: Some(InputWish::Off),
            pin: None,
        }))
    );
    assert_eq!(
        Ask::read("join", &json!(null)),
        Ok(Ask::Join(JoinWith::default()))
    );
}

#[test]
fn numbers_may_come_as_text() {
    let half = Ask::Volume(Volume::percent(50));
    assert_eq!(Ask::read("setVolume", &json!("50")), Ok(half.clone()));
    assert_eq!(Ask::read("setVolume", &json!(49.6)), Ok(half));
    assert_eq!(Ask::read("setBitrate", &json!(0)), Ok(Ask::Bitrate(None)));
    assert_eq!(
        Ask::read("setBitrate", &json!(300_000)),
        Ok(Ask::Bitrate(Some(300_000)))
    );
}
