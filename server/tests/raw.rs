//! What a client says of itself is worth nothing: outsiders, those who wait,
//! viewers and participants try every message of the protocol, by WebSocket.
//!
//! The lists cannot become incomplete: each is walked by a match over its type.

mod support;

use protocol::{
    ClientMessage, ErrorCode, Moderation, Offer, OfferedTrack, PROTOCOL_VERSION, PeerId, Resume,
    Role, RoomEvent, RoomKind, RoomSettings, ServerMessage, Source, View,
};
use serde_json::{Value, json};
use support::{
    TestServer,
    client::{Client, chat, code, join, join_by, peer_id, room_id, snapshot, welcome},
    tenant::{hs256, tenant},
};

/// What comes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    Done,
    Pong,
    Entered,
    Refused(ErrorCode),
}

/// Who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Outsider,
    Waiting,
    Viewer,
    Participant,
}

/// What each of them gets, in the order of [`Who`].
type Expected = [Reply; 4];

const WHO: [Who; 4] = [Who::Outsider, Who::Waiting, Who::Viewer, Who::Participant];

/// Those who are in; the others are told that they are not.
const fn inside(viewer: Reply, participant: Reply) -> Expected {
    [
        Reply::Refused(ErrorCode::NotJoined),
        Reply::Refused(ErrorCode::NotAdmitted),
        viewer,
        participant,
    ]
}

const fn both(reply: Reply) -> Expected {
    inside(reply, reply)
}

const NO: Reply = Reply::Refused(ErrorCode::Forbidden);
const ALREADY: Reply = Reply::Refused(ErrorCode::AlreadyJoined);
const NOT_JOINED: Reply = Reply::Refused(ErrorCode::NotJoined);

/// The table: every message, and what comes of it.
fn expected(message: &ClientMessage) -> Expected {
    use Reply::{Done, Entered, Pong, Refused};
    match message {
        ClientMessage::Join(_) => [Entered, ALREADY, ALREADY, ALREADY],
        ClientMessage::Resume(_) => {
            let forged = Refused(ErrorCode::BadTicket);
            [forged, ALREADY, ALREADY, ALREADY]
        }
        // it is looked at, and is nonsense
        ClientMessage::Offer(_) => both(Refused(ErrorCode::BadOffer)),
        ClientMessage::SetView(_) => both(Done),
        ClientMessage::SetMedia { on: true, .. } => inside(NO, Done),
        ClientMessage::SetMedia { .. } => both(Done),
        ClientMessage::SetDisplayName { .. } => both(Done),
        ClientMessage::Chat { .. } => inside(NO, Done),
        // hands are not enabled
        ClientMessage::SetHand { raised: true } => both(NO),
        ClientMessage::SetHand { .. } => both(Done),
        ClientMessage::SetLanguage { language: Some(_) } => both(Refused(ErrorCode::BadMessage)),
        ClientMessage::SetLanguage { .. } => both(Done),
        // there is none in it
        ClientMessage::SetToken { .. } => {
            let none = Refused(ErrorCode::TokenRequired);
            [NOT_JOINED, none, none, none]
        }
        ClientMessage::Moderate(_) => both(NO),
        ClientMessage::Leave => [NOT_JOINED, Done, Done, Done],
        ClientMessage::Ping => [NOT_JOINED, Pong, Pong, Pong],
    }
}

/// The message after this one; none after the last.
fn after(message: &ClientMessage, target: &PeerId) -> Option<ClientMessage> {
    let (source, on) = (Source::Camera, true);
    Some(match message {
        ClientMessage::Join(_) => ClientMessage::Resume(Resume {
            version: PROTOCOL_VERSION,
            room_id: room_id("open"),
            ticket: "forged".to_owned(),
            last_event: 0,
        }),
        ClientMessage::Resume(_) => ClientMessage::Offer(Offer {
            negotiation: 1,
            connection: 1,
            sdp: "v=0".to_owned(),
            tracks: vec![OfferedTrack {
                mid: "0".to_owned(),
                source,
            }],
        }),
        ClientMessage::Offer(_) => ClientMessage::SetView(View::default()),
        ClientMessage::SetView(_) => ClientMessage::SetMedia { source, on },
        ClientMessage::SetMedia { on: true, .. } => ClientMessage::SetMedia { source, on: false },
        ClientMessage::SetMedia { .. } => ClientMessage::SetDisplayName {
            display_name: "Somebody else".into(),
        },
        ClientMessage::SetDisplayName { .. } => chat("hello"),
        ClientMessage::Chat { .. } => ClientMessage::SetHand { raised: true },
        ClientMessage::SetHand { raised: true } => ClientMessage::SetHand { raised: false },
        ClientMessage::SetHand { .. } => ClientMessage::SetLanguage {
            language: Some("fr".to_owned()),
        },
        ClientMessage::SetLanguage { language: Some(_) } => {
            ClientMessage::SetLanguage { language: None }
        }
        ClientMessage::SetLanguage { .. } => ClientMessage::SetToken {
            kind: RoomKind::Call,
            query: "displayName=Somebody".to_owned(),
        },
        ClientMessage::SetToken { .. } => {
            ClientMessage::Moderate(Moderation::SetWaitingRoom { on })
        }
        ClientMessage::Moderate(deed) => match after_deed(deed, target) {
            Some(deed) => ClientMessage::Moderate(deed),
            None => ClientMessage::Leave,
        },
        ClientMessage::Leave => ClientMessage::Ping,
        ClientMessage::Ping => return None,
    })
}

/// What a moderator might do after this: for all, then to one.
fn after_deed(deed: &Moderation, target: &PeerId) -> Option<Moderation> {
    let (source, peer, all) = (Source::Microphone, target.clone(), None);
    let one = Some(target.clone());
    Some(match deed {
        Moderation::SetWaitingRoom { on: true } => Moderation::SetWaitingRoom { on: false },
        Moderation::SetWaitingRoom { .. } => Moderation::Admit { peer: all },
        Moderation::Admit { peer: None } => Moderation::Admit { peer: one },
        Moderation::Admit { .. } => Moderation::Reject { peer: all },
        Moderation::Reject { peer: None } => Moderation::Reject { peer: one },
        Moderation::Reject { .. } => Moderation::Allow {
            source,
            allowed: false,
            peer: all,
        },
        Moderation::Allow { peer: None, .. } => Moderation::Allow {
            source,
            allowed: true,
            peer: one,
        },
        Moderation::Allow { .. } => Moderation::TurnOff { source, peer: all },
        Moderation::TurnOff { peer: None, .. } => Moderation::TurnOff { source, peer: one },
        Moderation::TurnOff { .. } => Moderation::Ask { source, peer },
        Moderation::Ask { .. } => Moderation::LowerHand { peer: all },
        Moderation::LowerHand { peer: None } => Moderation::LowerHand { peer: one },
        Moderation::LowerHand { .. } => Moderation::Remove { peer },
        Moderation::Remove { .. } => Moderation::SetLocked { locked: true },
        Moderation::SetLocked { locked: true } => Moderation::SetLocked { locked: false },
        Moderation::SetLocked { .. } => Moderation::SetModerator {
            peer,
            moderator: true,
        },
        Moderation::SetModerator {
            moderator: true, ..
        } => Moderation::SetModerator {
            peer,
            moderator: false,
        },
        Moderation::SetModerator { .. } => Moderation::SetStage { peer, on: true },
        Moderation::SetStage { on: true, .. } => Moderation::SetStage { peer, on: false },
        Moderation::SetStage { .. } => Moderation::SetRecording { on: true },
        Moderation::SetRecording { on: true } => Moderation::SetRecording { on: false },
        Moderation::SetRecording { .. } => Moderation::End,
        Moderation::End => return None,
    })
}

fn every_message(target: &PeerId) -> Vec<ClientMessage> {
    let first = ClientMessage::Join(join("open", "Eve"));
    let rest = |message: &ClientMessage| after(message, target);
    std::iter::successors(Some(first), rest).collect()
}

fn reply_of(message: &ServerMessage) -> Reply {
    match message {
        ServerMessage::Ok => Reply::Done,
        ServerMessage::Pong => Reply::Pong,
        ServerMessage::Welcome(_) => Reply::Entered,
        ServerMessage::Error(error) => Reply::Refused(error.code),
        other => panic!("{other:?}"),
    }
}

/// A moderator by token, in the room "open", or in "closed", where others wait.
async fn moderator(server: &TestServer, room: &str) -> Client {
    let closed = room == "closed";
    let token = hs256(&json!({
        "role": "moderator", "peerId": "boss", "waitingRoom": closed,
    }));
    let mut client = server.client().await;
    let seat = client
        .join_with(join_by(room, "Boss", &[("token", &token)]))
        .await;
    assert_eq!(seat.you.participant.role, Role::Moderator);
    client
}

/// A new client of this kind.
async fn somebody(server: &TestServer, who: Who) -> Client {
    let mut client = server.client().await;
    match who {
        Who::Outsider => {}
        Who::Waiting => {
            let reply = client
                .ask(ClientMessage::Join(join("closed", "Waiter")))
                .await;
            assert!(matches!(reply, ServerMessage::Waiting { .. }));
        }
        Who::Viewer => {
            let mut wish = join("open", "Viewer");
            wish.kind = RoomKind::Webinar;
            let seat = client.join_with(wish).await;
            assert_eq!(seat.you.participant.role, Role::Viewer);
        }
        Who::Participant => {
            let seat = client.join("open", "Participant").await;
            assert_eq!(seat.you.participant.role, Role::Participant);
        }
    }
    client
}

// proves moderator.1, moderator.2, moderator.3, moderator.4, moderator.5, moderator.6
// proves moderator.7, moderator.8, moderator.9, moderator.10
#[tokio::test]
async fn nobody_gets_more_by_any_message_than_the_table_says() {
    let server = TestServer::of(tenant()).await;
    let mut boss = moderator(&server, "open").await;
    let mut gatekeeper = moderator(&server, "closed").await;
    let messages = every_message(&peer_id("boss"));
    assert!(messages.len() > 35, "{}", messages.len());
    for message in messages {
        for (who, expected) in WHO.into_iter().zip(expected(&message)) {
            let mut client = somebody(&server, who).await;
            let reply = client.ask(message.clone()).await;
            assert_eq!(reply_of(&reply), expected, "{who:?}: {message:?}");
        }
    }
    // and nothing came of it
    for client in [&mut boss, &mut gatekeeper] {
        let ended = |frame: &protocol::ServerFrame| {
            matches!(
                frame.message,
                ServerMessage::Ended(_)
                    | ServerMessage::You { .. }
                    | ServerMessage::TurnedOff { .. }
                    | ServerMessage::Asked { .. }
            )
        };
        assert!(!client.has(ended).await);
        let changed = |frame: &protocol::ServerFrame| {
            matches!(
                &frame.message,
                ServerMessage::Event {
                    event: RoomEvent::SettingsChanged { .. },
                    ..
                }
            )
        };
        assert!(!client.has(changed).await);
    }
    let mut late = server.client().await;
    let seat = late.join("open", "Late").await;
    assert_eq!(snapshot(&seat).settings, RoomSettings::default());
}

#[tokio::test]
async fn who_waits_or_has_not_joined_hears_nothing_of_the_room() {
    let server = TestServer::of(tenant()).await;
    let mut boss = moderator(&server, "closed").await;
    let mut outsider = somebody(&server, Who::Outsider).await;
    let mut waiter = somebody(&server, Who::Waiting).await;
    boss.chat("between us").await;
    let (source, on) = (Source::Camera, true);
    boss.ask_ok(ClientMessage::SetMedia { source, on }).await;
    // nothing but the answers to their own
    assert!(!waiter.has(|_| true).await);
    let reply = outsider.ask(ClientMessage::Ping).await;
    assert_eq!(code(&reply), ErrorCode::NotJoined);
    assert_eq!(outsider.closed().await, []);
}

#[tokio::test]
async fn who_waits_comes_in_by_the_moderator_alone() {
    let server = TestServer::of(tenant()).await;
    let mut boss = moderator(&server, "closed").await;
    let mut waiter = server.client().await;
    let re = waiter
        .send(ClientMessage::Join(join("closed", "Waiter")))
        .await;
    let reply = waiter.reply(re).await;
    assert!(matches!(reply, ServerMessage::Waiting { .. }));
    assert_eq!(waiter.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    boss.ask_ok(ClientMessage::Moderate(Moderation::Admit { peer: None }))
        .await;
    // the answer to the same frame
    let seat = welcome(waiter.reply(re).await);
    assert_eq!(snapshot(&seat).participants.len(), 2);
    assert_eq!(waiter.chat("thank you").await, ServerMessage::Ok);

    let mut other = server.client().await;
    let re = other.send(ClientMessage::Join(join("closed", "Eve"))).await;
    let reply = other.reply(re).await;
    assert!(matches!(reply, ServerMessage::Waiting { .. }));
    boss.ask_ok(ClientMessage::Moderate(Moderation::Reject { peer: None }))
        .await;
    assert_eq!(code(&other.reply(re).await), ErrorCode::Rejected);
    other.closed().await;
}

// proves attr.role, attr.canRecord, attr.waitingRoom
#[tokio::test]
async fn claims_of_a_client_are_not_heard() {
    let server = TestServer::of(tenant()).await;
    let mut liar = server.client().await;
    let frame: Value = json!({
        "id": 1, "type": "join", "version": PROTOCOL_VERSION, "roomId": "open",
        "query": "role=moderator&canRecord=true&waitingRoom=true&itisparticipant=true",
        "role": "moderator", "mayRecord": true, "claims": {"role": "moderator"},
        "granted": {"role": "moderator"}, "you": {"mayRecord": true},
    });
    liar.send_text(&frame.to_string()).await;
    let seat = welcome(liar.reply(1).await);
    assert_eq!(seat.you.participant.role, Role::Participant);
    assert!(!seat.you.may_record);
    assert!(!snapshot(&seat).settings.waiting_room);
    // nor does a viewer take a seat on stage by asking for it
    let mut viewer = server.client().await;
    let mut wish = join("open", "Eve");
    wish.kind = RoomKind::Webinar;
    wish.media.camera = true;
    wish.media.microphone = true;
    let seat = viewer.join_with(wish).await;
    let you = &seat.you.participant;
    assert_eq!(you.role, Role::Viewer);
    assert!(!you.media.camera && !you.media.microphone);
    assert_eq!(snapshot(&seat).participants.len(), 1);
}

#[tokio::test]
async fn nobody_speaks_through_the_seat_of_another() {
    let server = TestServer::of(tenant()).await;
    let mut boss = moderator(&server, "open").await;
    let seat = ticket_of_somebody(&server).await;
    // a ticket of somebody's own does not become another's
    let mut thief = server.client().await;
    let mut wish = join_by("open", "Eve", &[("peerId", "boss")]);
    wish.ticket = Some(seat);
    let reply = thief.ask(ClientMessage::Join(wish)).await;
    assert_eq!(code(&reply), ErrorCode::BadTicket);
    assert_eq!(boss.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}

async fn ticket_of_somebody(server: &TestServer) -> String {
    let mut eve = server.client().await;
    eve.join("open", "Eve").await.ticket
}
