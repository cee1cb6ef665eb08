//! What is told of each difference.

use client::model::{
    ChatLine, Delivery, DeviceFailure, EndReason, Failures, InputState, Model, Phase, PinState,
    Refusal, ScreenShare,
};
use protocol::{
    Allowed, BridgeEvent, BridgePerson, ChatMessage, DisplayName, ErrorCode, MediaState,
    Participant, PeerId, QualityScore, Role, Source, Waiting, WireError, You,
};
use serde_json::{Value, json};

use super::{changes, pin_change, refusal_of_page};

mod recording;

fn peer(id: &str) -> PeerId {
    PeerId::parse(id).unwrap()
}

fn participant(id: &str) -> Participant {
    Participant {
        id: peer(id),
        display_name: format!("name of {id}").as_str().into(),
        media: MediaState::default(),
        joined_at: 0,
        connected: true,
        role: Role::Participant,
        allowed: Allowed::ALL,
        hand_raised_at: None,
        language: None,
    }
}

/// In the room, with these other people.
fn inside(others: &[&str]) -> Model {
    let mut model = Model {
        phase: Phase::Joined,
        me: Some(peer("me")),
        ..Model::default()
    };
    model.room.participants = others.iter().map(|id| participant(id)).collect();
    model.room.participants.push(participant("me"));
    model.you = Some(You {
        participant: participant("me"),
        may_chat: true,
        may_raise_hand: true,
        may_record: false,
        no_recording: None,
        token_ends_at: None,
    });
    model
}

/// The same model with a difference.
fn with(model: &Model, change: impl FnOnce(&mut Model)) -> Model {
    let mut model = model.clone();
    change(&mut model);
    model
}

fn told(before: &Model, after: &Model) -> Vec<Value> {
    let events = changes(before, after, false);
    events
        .into_iter()
        .map(|event| serde_json::to_value(event).unwrap())
        .collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}

fn failed(count: u32, failure: DeviceFailure) -> Failures {
    Failures {
        count,
        last: Some(failure),
    }
}

#[test]
fn without_a_difference_nothing_is_told() {
    let model = inside(&["ann"]);
    assert!(told(&model, &model).is_empty());
}

#[test]
fn who_joins_is_told_of_oneself_and_not_of_those_who_were_there() {
    let after = with(&inside(&["ann"]), |model| {
        model.room.participants[0].media.camera = true;
        model.room.participants[1].media.microphone = true;
    });
    let events = told(&Model::default(), &after);
    assert_eq!(names(&events), ["join", "switchOnMic"]);
    assert_eq!(
        events[0]["data"],
        json!({"peerId": "me", "displayName": "name of me"})
    );
}

#[test]
fn people_come_go_and_switch() {
    let before = inside(&["ann"]);
    let after = with(&inside(&["ben"]), |model| {
        model.room.participants[0].media.camera = true;
        model.room.participants[1].media.screen = true;
    });
    let events = told(&before, &after);
    assert_eq!(
        names(&events),
        ["newPeer", "switchOnCamera", "switchOnShare", "peerClosed"]
    );
    assert_eq!(
        events[0]["data"],
        json!({"peerId": "ben", "displayName": "name of ben"})
    );
    assert_eq!(events[2]["data"]["peerId"], "me");
    assert_eq!(events[3]["data"]["peerId"], "ann");
    let off = told(
        &after,
        &with(&after, |model| {
            model.room.participants[0].media = MediaState::default();
            model.room.participants[1].media = MediaState::default();
        }),
    );
    assert_eq!(names(&off), ["switchOffCamera", "switchOffShare"]);
}

#[test]
fn microphones_are_told_of_everybody() {
    let before = inside(&["ann"]);
    let after = with(&before, |model| {
        model.room.participants[0].media.microphone = true;
    });
    assert_eq!(names(&told(&before, &after)), ["switchOnMic"]);
    assert_eq!(names(&told(&after, &before)), ["switchOffMic"]);
}

#[test]
fn a_device_that_cannot_be_had_is_told_each_time_with_its_code() {
    let before = Model::default();
    let after = with(&before, |model| {
        model.devices.camera.state = InputState::Failed(DeviceFailure::InUse);
        model.devices.camera.failures = failed(1, DeviceFailure::InUse);
        model.devices.microphone.failures = failed(1, DeviceFailure::Denied);
    });
    let events = told(&before, &after);
    assert_eq!(names(&events), ["errorGetCamera", "errorGetMic"]);
    assert_eq!(events[0]["data"]["code"], "device_busy");
    assert_eq!(events[1]["data"]["code"], "device_denied");
    assert_eq!(events[1]["data"]["peerId"], Value::Null);
    let again = with(&after, |model| {
        model.devices.camera.failures = failed(2, DeviceFailure::InUse);
    });
    assert_eq!(names(&told(&after, &again)), ["errorGetCamera"]);
}

#[test]
fn another_device_that_failed_is_told_while_the_first_goes_on() {
    let before = with(&inside(&[]), |model| {
        model.devices.camera.state = InputState::On;
    });
    let after = with(&before, |model| {
        model.devices.camera.failures = failed(1, DeviceFailure::NotFound);
    });
    let events = told(&before, &after);
    assert_eq!(names(&events), ["errorGetCamera"]);
    assert_eq!(events[0]["data"]["code"], "device_not_found");
}

#[test]
fn a_share_that_is_cancelled_or_fails_is_told() {
    let choosing = with(&inside(&[]), |model| {
        model.devices.screen = ScreenShare::Choosing;
    });
    let cancelled = inside(&[]);
    let events = told(&choosing, &cancelled);
    assert_eq!(names(&events), ["errorGetShare"]);
    assert_eq!(events[0]["data"]["code"], "cancelled");
    let why = |failure| {
        with(&cancelled, |model| {
            model.devices.share_failures = failed(1, failure);
        })
    };
    let events = told(&choosing, &why(DeviceFailure::BlockedByEmbedder));
    assert_eq!(names(&events), ["errorGetShare"]);
    assert_eq!(events[0]["data"]["code"], "blocked_by_embedder");
    // the call tells of it, unless the page asks again at once
    assert!(told(&choosing, &why(DeviceFailure::Untouched)).is_empty());
}

#[test]
fn sound_that_waits_for_a_click_is_told() {
    let before = inside(&[]);
    let after = with(&before, |model| model.audio_blocked = true);
    assert_eq!(names(&told(&before, &after)), ["playingAudioPrevent"]);
    assert!(told(&after, &before).is_empty());
}

#[test]
fn a_server_that_cannot_be_reached_is_told_once() {
    let joining = |attempt| Model {
        phase: Phase::Joining { attempt },
        ..Model::default()
    };
    assert!(told(&Model::default(), &joining(1)).is_empty());
    assert_eq!(names(&told(&joining(1), &joining(2))), ["connectionFailed"]);
    assert!(told(&joining(2), &joining(3)).is_empty());
}

#[test]
fn a_lost_connection_is_told_and_the_end_that_the_server_makes() {
    let before = inside(&["ann"]);
    let lost = with(&before, |model| {
        model.phase = Phase::Reconnecting {
            attempt: 1,
            server_restart: false,
        };
    });
    assert_eq!(names(&told(&before, &lost)), ["disconnected"]);
    assert!(told(&lost, &before).is_empty());
    let removed = with(&before, |model| {
        let error = WireError::new(ErrorCode::Removed, "a moderator removed you");
        model.phase = Phase::Ended(EndReason::Refused(error));
    });
    let events = told(&before, &removed);
    assert_eq!(names(&events), ["disconnected", "connectionError", "left"]);
    assert_eq!(
        events[1]["data"],
        json!({"peerId": "me", "error": "a moderator removed you", "code": "removed"})
    );
    assert_eq!(
        events[2]["data"],
        json!({"reason": "removed", "by": "moderator", "canRejoin": true})
    );
}

#[test]
fn leaving_is_told_with_who_wished_it() {
    let before = inside(&["ann"]);
    let after = with(&before, |model| model.phase = Phase::Ended(EndReason::Left));
    let events = told(&before, &after);
    assert_eq!(names(&events), ["connectionClosed", "left"]);
    assert_eq!(
        events[1]["data"],
        json!({"reason": "left", "by": "participant", "canRejoin": true})
    );
    let by_host = changes(&before, &after, true).pop().unwrap();
    assert_eq!(serde_json::to_value(by_host).unwrap()["data"]["by"], "host");
}

#[test]
fn an_address_without_a_way_in_is_over_from_the_start() {
    let error = WireError::new(ErrorCode::TokenExpired, "the token is expired");
    let [first, last] = refusal_of_page(&error).map(|event| serde_json::to_value(event).unwrap());
    assert_eq!(first["event"], "connectionError");
    assert_eq!(
        last["data"],
        json!({"reason": "token_expired", "by": "server", "canRejoin": false})
    );
}

#[test]
fn what_was_refused_is_told_each_time_and_of_a_device_as_its_error_too() {
    let refuse = |model: &Model, source| {
        with(model, |model| {
            let code = ErrorCode::BroadcasterLimit;
            model.refusals.add(Refusal { code, source });
        })
    };
    let before = inside(&[]);
    let after = refuse(&before, None);
    let events = told(&before, &after);
    assert_eq!(names(&events), ["connectionError"]);
    assert_eq!(events[0]["data"]["code"], "broadcaster_limit");
    assert!(told(&after, &after).is_empty());
    let again = refuse(&after, Some(Source::Microphone));
    let events = told(&after, &again);
    assert_eq!(names(&events), ["errorGetMic", "connectionError"]);
    assert_eq!(events[0]["data"]["code"], "broadcaster_limit");
}

#[test]
fn a_door_that_does_not_open_says_why() {
    let at = |phase| Model {
        phase,
        ..Model::default()
    };
    let joining = at(Phase::Joining { attempt: 1 });
    for (state, code) in [
        (PinState::Wanted, "pin_required"),
        (PinState::Wrong, "pin_wrong"),
        (PinState::Limited(5), "pin_limited"),
    ] {
        let events = told(&joining, &at(Phase::AskPin(state)));
        assert_eq!(names(&events), ["connectionError"]);
        assert_eq!(events[0]["data"]["code"], code);
    }
    let early = |starts_at| at(Phase::Early { starts_at });
    let events = told(&joining, &early(5));
    assert_eq!(names(&events), ["connectionError"]);
    assert_eq!(events[0]["data"]["code"], "not_started");
    assert!(told(&early(5), &early(6)).is_empty());
}

fn line(id: u64, delivery: Delivery) -> ChatLine {
    ChatLine {
        message: ChatMessage {
            id,
            from: Some(peer("ann")),
            display_name: DisplayName::from("Ann"),
            text: "hello".to_owned(),
            sent_at: 5,
            nonce: id.to_string(),
        },
        delivery,
    }
}

#[test]
fn messages_are_told_when_the_room_has_them_and_not_those_of_before() {
    let before = with(&inside(&["ann"]), |model| {
        model.room.chat = vec![line(1, Delivery::Delivered)];
    });
    assert_eq!(names(&told(&Model::default(), &before)), ["join"]);
    let after = with(&before, |model| {
        model.room.chat.push(line(2, Delivery::Delivered));
        model.room.chat.push(line(0, Delivery::Sending));
    });
    let events = told(&before, &after);
    assert_eq!(names(&events), ["message"]);
    assert_eq!(
        events[0]["data"],
        json!({"id": 2, "peerId": "ann", "displayName": "Ann", "text": "hello", "sentAt": 5})
    );
}

#[test]
fn hands_roles_and_connections_are_told() {
    let before = inside(&["ann"]);
    let after = with(&before, |model| {
        let ann = &mut model.room.participants[0];
        ann.hand_raised_at = Some(1);
        ann.role = Role::Moderator;
        model.room.quality = vec![(peer("ann"), QualityScore::Poor)];
        model.you.as_mut().unwrap().participant.role = Role::Moderator;
    });
    let events = told(&before, &after);
    assert_eq!(
        names(&events),
        [
            "connectionQuality",
            "handRaised",
            "roleChanged",
            "roleChanged"
        ]
    );
    assert_eq!(events[0]["data"]["quality"], "poor");
    assert_eq!(events[2]["data"]["role"], "moderator");
    assert_eq!(events[3]["data"]["peerId"], "me");
    let lost = with(&before, |model| {
        model.room.participants[0].connected = false;
    });
    assert_eq!(told(&before, &lost)[0]["data"]["quality"], "lost");
    assert_eq!(names(&told(&after, &before))[1], "handLowered");
}

#[test]
fn moderators_are_told_who_waits() {
    let before = inside(&[]);
    let after = with(&before, |model| {
        model.room.waiting = vec![Waiting {
            id: peer("zoe"),
            display_name: "Zoe".into(),
            since: 3,
            removed_before: true,
        }];
    });
    let events = told(&before, &after);
    assert_eq!(names(&events), ["waiting"]);
    assert_eq!(
        events[0]["data"],
        json!({"peerId": "zoe", "displayName": "Zoe", "removedBefore": true})
    );
    assert_eq!(names(&told(&after, &before)), ["waitingGone"]);
}

#[test]
fn who_waits_is_told_so() {
    let after = Model {
        phase: Phase::Waiting,
        ..Model::default()
    };
    assert_eq!(names(&told(&Model::default(), &after)), ["waiting"]);
}

#[test]
fn pins_are_told_by_whom_they_hold() {
    let (ann, ben) = (peer("ann"), peer("ben"));
    assert_eq!(pin_change(None, None), None);
    assert_eq!(pin_change(Some(&ann), Some(&ann)), None);
    assert_eq!(
        pin_change(Some(&ben), Some(&ann)),
        Some(BridgeEvent::SwitchOnPin {
            peer_id: ann.clone()
        })
    );
    assert_eq!(
        pin_change(Some(&ann), None),
        Some(BridgeEvent::SwitchOffPin {})
    );
}

#[test]
fn a_person_before_joining_has_no_id() {
    let person = super::myself(&Model::default());
    let unknown = BridgePerson {
        peer_id: None,
        display_name: DisplayName::default(),
    };
    assert_eq!(person, unknown);
}
