//! A meeting that is led, over sockets.

use protocol::{
    Allowed, ClientMessage, ErrorCode, Join, MediaState, Moderation, OffReason, Role, RoomEvent,
    ServerMessage, Source, Welcome,
};
use serde_json::json;
use server::clock::UnixMillis;

use crate::{
    meeting::{ROOM, done, enter, lobby, person, settings, wait, with_token},
    pure::both,
    support::{
        TestServer,
        client::{Client, code, join_by, peer_id, room_key, snapshot, welcome},
        patient_limits,
        tenant::tenant,
        until,
    },
};

async fn led() -> (TestServer, Client) {
    let server = TestServer::of(tenant()).await;
    let join = with_token("Mod", &json!({ "role": "moderator", "peerId": "mod" }));
    let (moderator, welcome) = enter(&server, join).await;
    assert_eq!(welcome.you.participant.role, Role::Moderator);
    (server, moderator)
}

async fn turned_off(client: &mut Client) -> (Vec<Source>, OffReason) {
    client
        .find(|frame| match &frame.message {
            ServerMessage::TurnedOff {
                sources, reason, ..
            } => Some((sources.clone(), *reason)),
            _ => None,
        })
        .await
}

// proves moderator.5
// proves moderator.6
// proves moderator.7
// proves moderator.8
#[tokio::test]
async fn sources_are_forbidden_asked_for_and_switched_on_again() {
    let (server, mut moderator) = led().await;
    let join = Join {
        media: both(),
        ..person("ada")
    };
    let (mut ada, _) = enter(&server, join).await;
    for source in [Source::Camera, Source::Microphone] {
        let (allowed, peer) = (false, None);
        let forbid = Moderation::Allow {
            source,
            allowed,
            peer,
        };
        done(&mut moderator, forbid).await;
        let told = turned_off(&mut ada).await;
        assert_eq!(told, (vec![source], OffReason::Forbidden));
    }
    for source in [Source::Camera, Source::Microphone, Source::Screen] {
        if source == Source::Screen {
            let (allowed, peer) = (false, Some(peer_id("ada")));
            let forbid = Moderation::Allow {
                source,
                allowed,
                peer,
            };
            done(&mut moderator, forbid).await;
        }
        let on = true;
        let refused = ada.ask(ClientMessage::SetMedia { source, on }).await;
        assert_eq!(code(&refused), ErrorCode::Forbidden);
        let peer = peer_id("ada");
        done(&mut moderator, Moderation::Ask { source, peer }).await;
        let by = peer_id("mod");
        let asked = ServerMessage::Asked {
            source,
            by: Some(by),
        };
        ada.find(|frame| (frame.message == asked).then_some(()))
            .await;
        ada.ask_ok(ClientMessage::SetMedia { source, on }).await;
    }
    let (_bob, welcome) = enter(&server, person("bob")).await;
    let ada = &snapshot(&welcome).participants[1];
    let all = both().with(Source::Screen, true);
    assert_eq!((ada.media, ada.allowed), (all, Allowed::ALL));
}

// proves moderator.9
// proves attr.handEnabled
#[tokio::test]
async fn hand_is_raised_seen_and_lowered() {
    let (server, mut moderator) = led().await;
    let query = [("peerId", "ada"), ("handEnabled", "true")];
    let (mut ada, welcome) = enter(&server, join_by(ROOM, "Ada", &query)).await;
    assert!(welcome.you.may_raise_hand);
    ada.ask_ok(ClientMessage::SetHand { raised: true }).await;
    let mut hand = async || loop {
        if let RoomEvent::HandChanged { peer, raised_at } = moderator.event().await.1 {
            return (peer, raised_at.is_some());
        }
    };
    assert_eq!(hand().await, (peer_id("ada"), true));
    let peer = Some(peer_id("ada"));
    done(&mut moderator, Moderation::LowerHand { peer }).await;
    let lowered = RoomEvent::HandChanged {
        peer: peer_id("ada"),
        raised_at: None,
    };
    while ada.event().await.1 != lowered {}
}

// proves moderator.10
#[tokio::test]
async fn removed_person_waits_however_they_come_back() {
    let (server, mut moderator) = led().await;
    let own = json!({ "peerId": "ada" });
    let (mut ada, seat) = enter(&server, with_token("Ada", &own)).await;
    let peer = peer_id("ada");
    done(&mut moderator, Moderation::Remove { peer }).await;
    let ended = ada.ended().await;
    assert_eq!(ended.code, ErrorCode::Removed);
    assert_eq!(ended.retry_after_ms, None);
    ada.closed().await;

    let mut again = server.client().await;
    let resumed = again.resume(ROOM, &seat.ticket, 1).await;
    assert_eq!(code(&resumed), ErrorCode::SeatGone);
    let by_ticket = Join {
        ticket: Some(seat.ticket.clone()),
        ..with_token("Ada", &own)
    };
    let (by_ticket, _) = wait(&server, by_ticket).await;
    by_ticket.vanish();
    // the token of before, under whatever name
    let (mut by_token, id) = wait(&server, with_token("Somebody", &own)).await;
    lobby(&mut moderator, &["ada"], &[]).await;
    done(&mut moderator, crate::meeting::admit("ada")).await;
    welcome(by_token.reply(id).await);
}

#[tokio::test]
async fn locked_room_is_shut_and_the_end_is_for_all() {
    let (server, mut moderator) = led().await;
    let (mut ada, seat) = enter(&server, person("ada")).await;
    done(&mut moderator, Moderation::SetLocked { locked: true }).await;
    settings(&mut ada, |settings| settings.locked).await;
    let mut bob = server.client().await;
    let refused = bob.ask(ClientMessage::Join(person("bob"))).await;
    assert_eq!(code(&refused), ErrorCode::RoomLocked);
    bob.closed().await;
    let back = Join {
        ticket: Some(seat.ticket.clone()),
        ..person("ada")
    };
    let (mut ada, _) = enter(&server, back).await;
    done(&mut moderator, Moderation::End).await;
    for client in [&mut ada, &mut moderator] {
        assert_eq!(client.ended().await.code, ErrorCode::MeetingEnded);
        client.closed().await;
    }
    server.until_empty().await;
    // the next meeting of that name knows nothing of this one
    let (_, welcome) = enter(&server, person("bob")).await;
    assert!(!snapshot(&welcome).settings.locked);
}

#[tokio::test]
async fn who_was_made_a_moderator_is_one_after_a_restart() {
    let (server, mut moderator) = led().await;
    let (mut ada, seat) = enter(&server, person("ada")).await;
    let peer = peer_id("ada");
    let promote = Moderation::SetModerator {
        peer,
        moderator: true,
    };
    done(&mut moderator, promote).await;
    let ticket = ada
        .find(|frame| match &frame.message {
            ServerMessage::You { you, ticket } => {
                assert_eq!(you.participant.role, Role::Moderator);
                Some(ticket.clone())
            }
            _ => None,
        })
        .await;
    assert_ne!(ticket, seat.ticket);
    let server = server.restart().await;
    let back = Join {
        ticket: Some(ticket),
        ..person("ada")
    };
    let (mut ada, welcome) = enter(&server, back).await;
    assert_eq!(welcome.you.participant.role, Role::Moderator);
    done(&mut ada, Moderation::SetLocked { locked: true }).await;
}

// proves attr.maxBroadcasters
// proves attr.maxWatchers
#[tokio::test]
async fn limits_of_addresses_are_kept_by_the_server() {
    let server = TestServer::with(patient_limits()).await;
    let query = [
        ("peerId", "ada"),
        ("maxBroadcasters", "1"),
        ("maxWatchers", "2"),
    ];
    let ada = Join {
        media: both(),
        ..join_by(ROOM, "Ada", &query)
    };
    let (_ada, welcome) = enter(&server, ada).await;
    assert_eq!(welcome.you.participant.media, both());
    let bob = Join {
        media: both(),
        ..person("bob")
    };
    let (mut bob, welcome) = enter(&server, bob).await;
    assert_eq!(welcome.you.participant.media, MediaState::default());
    let (_, reason) = turned_off(&mut bob).await;
    assert_eq!(reason, OffReason::BroadcasterLimit);
    let (source, on) = (Source::Camera, true);
    let refused = bob.ask(ClientMessage::SetMedia { source, on }).await;
    assert_eq!(code(&refused), ErrorCode::BroadcasterLimit);
    let mut eva = server.client().await;
    let refused = eva.ask(ClientMessage::Join(person("eva"))).await;
    assert_eq!(code(&refused), ErrorCode::RoomFull);
}

// proves attr.video
// proves attr.disableChat
#[tokio::test]
async fn player_of_a_token_is_everybodys_and_the_chat_may_be_off() {
    let (server, mut moderator) = led().await;
    let url = "https://player.example/embed/1";
    let join = with_token("Ada", &json!({ "peerId": "ada", "video": url }));
    let (mut ada, _) = enter(&server, join).await;
    settings(&mut moderator, |settings| {
        settings.video.as_deref() == Some(url)
    })
    .await;
    let query = [("peerId", "bob"), ("disableChat", "true")];
    let (mut bob, welcome) = enter(&server, join_by(ROOM, "Bob", &query)).await;
    let seen = snapshot(&welcome).settings.video.as_deref();
    assert_eq!((seen, welcome.you.may_chat), (Some(url), false));
    assert_eq!(code(&bob.chat("hello").await), ErrorCode::Forbidden);
    ada.ask_ok(ClientMessage::Leave).await;
    settings(&mut moderator, |settings| settings.video.is_none()).await;
}

#[tokio::test]
async fn room_is_inspected_from_outside() {
    let (server, mut moderator) = led().await;
    done(&mut moderator, Moderation::SetLocked { locked: true }).await;
    let registry = server.server().registry();
    let key = room_key(ROOM);
    let door = registry.find(&key).await.expect("a registry");
    let report = door.expect("a room").inspect().await.expect("a report");
    assert!(report.settings.locked);
    assert_eq!((report.on_stage, report.moderators), (1, 1));
    let other = room_key("other");
    assert!(registry.find(&other).await.expect("a registry").is_none());
}

/// Waits until the database has what moderators decided, all of it.
async fn until_kept(server: &TestServer, all: &[&str]) {
    let database = server.database().await;
    until("the decisions are stored", async || {
        let stored = database
            .open_room(&room_key(ROOM), UnixMillis::new(0), 0)
            .await;
        let text = stored.expect("the room").decisions.unwrap_or_default();
        all.iter().all(|one| text.contains(one))
    })
    .await;
}

#[tokio::test]
async fn what_moderators_decided_outlives_the_server() {
    let (server, mut moderator) = led().await;
    let (_ada, seat) = enter(&server, person("ada")).await;
    let (_eve, other) = enter(&server, person("eve")).await;
    let (ada, eve) = (peer_id("ada"), peer_id("eve"));
    let promote = Moderation::SetModerator {
        peer: ada.clone(),
        moderator: true,
    };
    done(&mut moderator, promote).await;
    done(&mut moderator, Moderation::Remove { peer: ada }).await;
    let silence = Moderation::Allow {
        source: Source::Microphone,
        allowed: false,
        peer: Some(eve),
    };
    done(&mut moderator, silence).await;
    let mute_all = Moderation::Allow {
        source: Source::Screen,
        allowed: false,
        peer: None,
    };
    done(&mut moderator, mute_all).await;
    let kept = [
        "\"screen\":false",
        "\"removed\":true",
        "\"microphone\":false",
    ];
    until_kept(&server, &kept).await;
    let server = server.restart().await;
    let back = |id: &str, seat: &Welcome| Join {
        ticket: Some(seat.ticket.clone()),
        ..person(id)
    };
    let (_eve, welcome) = enter(&server, back("eve", &other)).await;
    let allowed = welcome.you.participant.allowed;
    assert!(!allowed.microphone && allowed.camera && !allowed.screen);
    wait(&server, back("ada", &seat)).await;
}
