//! Another token for somebody in the room, over sockets.

use protocol::{
    ClientMessage, DisplayName, ErrorCode, Join, Role, RoomEvent, RoomKind, ServerMessage, Source,
    You,
};
use serde_json::{Value, json};

use crate::{
    meeting::{ROOM, enter, with_token},
    support::{
        TestServer,
        client::{Client, code, join, snapshot},
        tenant::{hs256, query, seconds_from_now, tenant},
    },
};

fn told(claims: &Value) -> ClientMessage {
    ClientMessage::SetToken {
        kind: RoomKind::Call,
        query: query(&[("token", &hs256(claims))]),
    }
}

/// What somebody is told of themself.
async fn you(client: &mut Client) -> (You, String) {
    client
        .find(|frame| match &frame.message {
            ServerMessage::You { you, ticket } => Some(((**you).clone(), ticket.clone())),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn rights_and_name_follow_the_new_token_and_the_seat_stays() {
    let server = TestServer::of(tenant()).await;
    let (mut bob, _) = enter(&server, join(ROOM, "Bob")).await;
    let first = json!({ "peerId": "ada", "exp": seconds_from_now(60) });
    let (mut ada, welcome) = enter(&server, with_token("Ada", &first)).await;
    assert!(welcome.you.token_ends_at.is_some());
    let later = seconds_from_now(3_600);
    let second = json!({
        "peerId": "ada", "role": "moderator", "displayName": "Dr Ada", "exp": later,
        "tokenLifetime": 1_800_000,
    });
    ada.ask_ok(told(&second)).await;
    let (you, ticket) = loop {
        let told = you(&mut ada).await;
        if told.0.participant.display_name == DisplayName::from("Dr Ada") {
            break told;
        }
    };
    assert_eq!(you.participant.role, Role::Moderator);
    // its lifetime is over before it expires
    let ends_at = you.token_ends_at.expect("an end") / 1_000;
    assert!(ends_at + 1_000 < later.cast_unsigned(), "{ends_at}");
    let mut seen = (false, false);
    while seen != (true, true) {
        match bob.event().await.1 {
            RoomEvent::RoleChanged { role, .. } => seen.0 |= role == Role::Moderator,
            RoomEvent::Renamed { display_name, .. } => {
                seen.1 |= display_name == DisplayName::from("Dr Ada");
            }
            RoomEvent::Left { peer } => panic!("{peer:?} left"),
            _ => {}
        }
    }
    // the new ticket is good for the seat
    ada.vanish();
    let mut back = server.client().await;
    let reply = back.resume(ROOM, &ticket, 0).await;
    assert!(
        matches!(&reply, ServerMessage::Welcome(w) if w.resumed),
        "{reply:?}"
    );
}

#[tokio::test]
async fn rights_go_with_the_token_that_had_them() {
    let server = TestServer::of(tenant()).await;
    let leads = json!({ "peerId": "ada", "role": "moderator", "handEnabled": true });
    let (mut ada, _) = enter(&server, with_token("Ada", &leads)).await;
    ada.ask_ok(ClientMessage::SetHand { raised: true }).await;
    ada.ask_ok(told(&json!({ "peerId": "ada" }))).await;
    let (you, _) = loop {
        let told = you(&mut ada).await;
        if !told.0.may_raise_hand && told.0.participant.hand_raised_at.is_none() {
            break told;
        }
    };
    assert_eq!(you.participant.role, Role::Participant);
    let lock = protocol::Moderation::SetLocked { locked: true };
    let reply = ada.ask(ClientMessage::Moderate(lock)).await;
    assert_eq!(code(&reply), ErrorCode::Forbidden);
}

#[tokio::test]
async fn tokens_that_are_no_good_change_nothing() {
    let server = TestServer::of(tenant()).await;
    let leads = json!({ "peerId": "ada", "role": "moderator" });
    let (mut ada, _) = enter(&server, with_token("Ada", &leads)).await;
    for (claims, refusal) in [
        (json!({ "peerId": "bob" }), ErrorCode::Forbidden),
        (json!({ "roomId": "other" }), ErrorCode::TokenRoom),
        (
            json!({ "exp": seconds_from_now(-600) }),
            ErrorCode::TokenExpired,
        ),
    ] {
        let reply = ada.ask(told(&claims)).await;
        assert_eq!(code(&reply), refusal, "{claims}");
    }
    let none = ClientMessage::SetToken {
        kind: RoomKind::Call,
        query: "displayName=Ada".to_owned(),
    };
    assert_eq!(code(&ada.ask(none).await), ErrorCode::TokenRequired);
    let lock = protocol::Moderation::SetLocked { locked: true };
    ada.ask_ok(ClientMessage::Moderate(lock)).await;
}

/// The next change of somebody's role or language, as others are told.
async fn role(client: &mut Client) -> (Role, Option<String>, bool) {
    loop {
        if let RoomEvent::RoleChanged {
            role,
            allowed,
            language,
            ..
        } = client.event().await.1
        {
            return (role, language, allowed.camera);
        }
    }
}

/// The next languages that can be listened to.
async fn languages(client: &mut Client) -> Vec<String> {
    loop {
        if let RoomEvent::SettingsChanged { settings } = client.event().await.1 {
            return settings.languages;
        }
    }
}

#[tokio::test]
async fn interpreters_begin_change_and_end_by_tokens() {
    let mut limits = crate::support::patient_limits();
    // a language goes with its interpreter
    limits.room.language = std::time::Duration::ZERO;
    let server = TestServer::with_tenants(limits, vec![tenant()]).await;
    let (mut bob, _) = enter(&server, join(ROOM, "Bob")).await;
    let plain = json!({ "peerId": "ada" });
    let (mut ada, _) = enter(&server, with_token("Ada", &plain)).await;
    for source in [Source::Camera, Source::Microphone] {
        ada.ask_ok(ClientMessage::SetMedia { source, on: true })
            .await;
    }
    let speaks = |language: &str| {
        json!({
            "peerId": "ada", "role": "interpreter", "intLang": language,
            "featureInterpreters": true,
        })
    };
    ada.ask_ok(told(&speaks("de"))).await;
    let german = Some("de".to_owned());
    assert_eq!(role(&mut bob).await, (Role::Interpreter, german, false));
    // the camera goes, the microphone stays on
    bob.find(|frame| match &frame.message {
        ServerMessage::Event {
            event: RoomEvent::MediaChanged { media, .. },
            ..
        } if media.microphone && !media.camera => Some(*media),
        _ => None,
    })
    .await;
    assert_eq!(languages(&mut bob).await, ["de"]);
    ada.ask_ok(told(&speaks("fr"))).await;
    assert_eq!(languages(&mut bob).await, ["fr"]);
    let french = Some("fr".to_owned());
    assert_eq!(role(&mut bob).await, (Role::Interpreter, french, false));
    ada.ask_ok(told(&plain)).await;
    assert_eq!(role(&mut bob).await, (Role::Participant, None, true));
    assert_eq!(languages(&mut bob).await, [""; 0]);
}

#[tokio::test]
async fn viewer_comes_on_stage_by_a_token_unless_the_room_is_full() {
    let server = TestServer::of(tenant()).await;
    let (_bob, _) = enter(&server, join(ROOM, "Bob")).await;
    let viewer = Join {
        kind: RoomKind::Webinar,
        ..with_token("Ada", &json!({ "peerId": "ada" }))
    };
    let (mut ada, welcome) = enter(&server, viewer).await;
    assert_eq!(welcome.you.participant.role, Role::Viewer);
    let on_stage = |max: u32| ClientMessage::SetToken {
        kind: RoomKind::Webinar,
        query: query(&[(
            "token",
            &hs256(
                &json!({ "peerId": "ada", "itisparticipant": true, "maxWatchers": max,
                "waitingRoom": max > 0 }),
            ),
        )]),
    };
    assert_eq!(code(&ada.ask(on_stage(1)).await), ErrorCode::RoomFull);
    // nothing of such a token counts
    let (_eve, seat) = enter(&server, crate::meeting::person("eve")).await;
    assert!(!snapshot(&seat).settings.waiting_room);
    ada.ask_ok(on_stage(0)).await;
    while you(&mut ada).await.0.participant.role != Role::Participant {}
}

#[tokio::test]
async fn names_of_addresses_may_be_changed_and_signed_names_not() {
    let server = TestServer::of(tenant()).await;
    let rename = || ClientMessage::SetDisplayName {
        display_name: DisplayName::from("Tom"),
    };
    let by_address = Join {
        query: query(&[("displayName", "Ada")]),
        ..join(ROOM, "Ada")
    };
    let (mut ada, _) = enter(&server, by_address).await;
    ada.ask_ok(rename()).await;
    let signed = with_token("Bob", &json!({ "displayName": "Bob" }));
    let (mut bob, _) = enter(&server, signed).await;
    assert_eq!(code(&bob.ask(rename()).await), ErrorCode::Forbidden);
}
