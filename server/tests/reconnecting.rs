//! A seat outlives its socket; a room outlives its server.

mod support;

use jsonwebtoken::Algorithm;
use protocol::{ClientMessage, ErrorCode, PeerId, Role, RoomEvent, ServerMessage, Source};
use server::{
    clock::{Now, UnixMillis},
    room::{Granted, SeatId},
    ticket::{LIFETIME, Ticket, TicketKeys},
};
use sqlx::raw_sql;
use support::{
    TestServer,
    client::{Client, code, join, join_by, peer_id, room_key, snapshot, welcome},
    database::{connection, postgres},
    patient_limits, quick_limits,
};

async fn camera(client: &mut Client, on: bool) {
    let source = Source::Camera;
    client.ask_ok(ClientMessage::SetMedia { source, on }).await;
}

#[tokio::test]
async fn returner_gets_what_they_missed() {
    let server = TestServer::with(patient_limits()).await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    let seat = ada.join("room", "Ada").await;
    bob.join("room", "Bob").await;
    let (last, _) = ada.event().await;
    ada.vanish();
    camera(&mut bob, true).await;
    bob.chat("are you there?").await;

    let mut back = server.client().await;
    let again = welcome(back.resume("room", &seat.ticket, last).await);
    assert!(again.resumed);
    assert_eq!(again.snapshot, None);
    assert_eq!(again.peer_id, seat.peer_id);
    let (n, event) = back.event().await;
    assert_eq!(n, last + 1);
    assert!(matches!(event, RoomEvent::MediaChanged { .. }));
    let (n, event) = back.event().await;
    assert_eq!(n, last + 2);
    assert!(matches!(event, RoomEvent::Chat { message } if message.text == "are you there?"));
    // and what comes now comes as usual
    camera(&mut bob, false).await;
    assert_eq!(back.event().await.0, last + 3);
    back.chat("yes").await;
}

#[tokio::test]
async fn returner_who_missed_too_much_gets_a_snapshot() {
    let mut limits = patient_limits();
    limits.room.events = 5;
    let server = TestServer::with(limits).await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    let seat = ada.join("room", "Ada").await;
    bob.join("room", "Bob").await;
    ada.vanish();
    for n in 0..10 {
        camera(&mut bob, n % 2 == 0).await;
    }
    let mut back = server.client().await;
    let again = welcome(back.resume("room", &seat.ticket, 1).await);
    assert!(again.resumed);
    let snapshot = snapshot(&again);
    assert_eq!(snapshot.participants.len(), 2);
    assert_eq!(snapshot.last_event, 12);
}

#[tokio::test]
async fn others_are_told_of_a_longer_loss_and_of_the_return() {
    let mut limits = patient_limits();
    limits.room.notice = quick_limits().room.notice;
    let server = TestServer::with(limits).await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    let seat = ada.join("room", "Ada").await;
    bob.join("room", "Bob").await;
    ada.vanish();
    let told = |connected| RoomEvent::ConnectedChanged {
        peer: seat.peer_id.clone(),
        connected,
    };
    assert_eq!(bob.event().await.1, told(false));
    let mut back = server.client().await;
    welcome(back.resume("room", &seat.ticket, 2).await);
    assert_eq!(bob.event().await.1, told(true));
}

#[tokio::test]
async fn seat_goes_when_nobody_returns() {
    let server = TestServer::start().await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    let seat = ada.join("room", "Ada").await;
    bob.join("room", "Bob").await;
    ada.vanish();
    let left = bob
        .find(|frame| match &frame.message {
            ServerMessage::Event {
                event: RoomEvent::Left { peer },
                ..
            } => Some(peer.clone()),
            _ => None,
        })
        .await;
    assert_eq!(left, seat.peer_id);

    let mut late = server.client().await;
    let reply = late.resume("room", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::SeatGone);
    late.closed().await;
    bob.vanish();
    server.until_empty().await;
}

#[tokio::test]
async fn seat_in_a_room_that_is_gone_is_gone() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    let seat = ada.join("room", "Ada").await;
    ada.ask_ok(ClientMessage::Leave).await;
    server.until_empty().await;
    let mut late = server.client().await;
    let reply = late.resume("room", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::SeatGone);
    server.until_empty().await;
}

#[tokio::test]
async fn replaced_session_cannot_resume() {
    let server = TestServer::with(patient_limits()).await;
    let (mut old, mut new) = (server.client().await, server.client().await);
    let wish = join_by("room", "Ada", &[("peerId", "ada")]);
    let seat = old.join_with(wish.clone()).await;
    old.vanish();
    new.join_with(wish).await;
    let mut back = server.client().await;
    let reply = back.resume("room", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::Replaced);
    camera(&mut new, true).await;
}

#[tokio::test]
async fn tickets_that_are_not_good_are_refused() {
    let server = TestServer::with(patient_limits()).await;
    let mut ada = server.client().await;
    let seat = ada.join("room", "Ada").await;
    let now = Now::read().unix;
    let peer = seat.peer_id.clone();
    let own_key = TicketKeys::new(b"a key that the server does not have");
    let forged = own_key.issue(&ticket(&peer, SeatId(1), now));
    // {"alg":"none","typ":"JWT"}
    let payload = seat.ticket.split('.').nth(1).expect("a payload");
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
    let mut changed = seat.ticket.clone();
    changed.truncate(changed.len() - 2);
    for ticket in ["", "nonsense", "a.b.c", &forged, &unsigned, &changed] {
        let mut thief = server.client().await;
        let reply = thief.resume("room", ticket, 1).await;
        assert_eq!(code(&reply), ErrorCode::BadTicket, "{ticket}");
        thief.closed().await;

        let mut thief = server.client().await;
        let mut wish = join("room", "Thief");
        wish.ticket = Some(ticket.to_owned());
        let reply = thief.ask(ClientMessage::Join(wish)).await;
        assert_eq!(code(&reply), ErrorCode::BadTicket, "{ticket}");
    }
    camera(&mut ada, true).await;
}

#[tokio::test]
async fn ticket_is_good_for_its_own_room_and_participant_only() {
    let server = TestServer::with(patient_limits()).await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    let seat = ada.join("room", "Ada").await;
    bob.join("other", "Bob").await;
    let mut thief = server.client().await;
    let reply = thief.resume("other", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::BadTicket);
    let mut thief = server.client().await;
    let mut wish = join("room", "Ada");
    wish.peer_id = Some(peer_id("somebody else"));
    wish.ticket = Some(seat.ticket.clone());
    let reply = thief.ask(ClientMessage::Join(wish)).await;
    assert_eq!(code(&reply), ErrorCode::BadTicket);
}

/// A ticket for the room "room".
fn ticket(peer: &PeerId, seat: SeatId, now: UnixMillis) -> Ticket {
    Ticket {
        room: room_key("room"),
        peer: peer.clone(),
        seat,
        iat: now.seconds(),
        granted: Granted {
            role: Role::Participant,
            meeting: 0,
            admitted: true,
            ..Granted::default()
        },
        ends_at: None,
    }
}

/// Those of before the server was brought up to date are in pages that are open.
#[test]
fn ticket_of_an_older_server_is_good_and_names_no_token() {
    let claims = serde_json::json!({
        "room": room_key("room"), "peer": "ada", "seat": 7, "iat": 1_000,
        "granted": {"role": "participant", "meeting": 5, "admitted": true},
    });
    let text = support::tenant::sign(Algorithm::HS256, None, b"key", &claims);
    let (keys, now) = (TicketKeys::new(b"key"), UnixMillis::new(1_000_000));
    let ticket = keys.check(&text, &room_key("room"), now).expect("a ticket");
    assert_eq!(
        (ticket.granted.role, ticket.granted.token),
        (Role::Participant, None)
    );
}

#[test]
fn ticket_expires() {
    let keys = TicketKeys::new(b"key");
    let made = UnixMillis::new(1_000_000);
    let (room, peer) = (room_key("room"), peer_id("ada"));
    let ticket = keys.issue(&ticket(&peer, SeatId(7), made));
    let lifetime = u64::try_from(LIFETIME.as_millis()).expect("some days");
    let last = UnixMillis::new(made.get() + lifetime);
    assert_eq!(keys.check(&ticket, &room, last).map(|t| t.peer), Ok(peer));
    let later = UnixMillis::new(last.get() + 1_000);
    let refused = keys.check(&ticket, &room, later).map(|_| ());
    assert_eq!(
        refused.expect_err("refused").to_string(),
        "the ticket has expired"
    );
}

#[tokio::test]
async fn restart_keeps_chat_and_participant_ids() {
    let server = TestServer::with(patient_limits()).await;
    let mut ada = server.client().await;
    let seat = ada.join("room", "Ada").await;
    ada.chat("before the restart").await;
    let created_at = snapshot(&seat).created_at;

    let server = server.restart().await;
    let mut back = server.client().await;
    let reply = back.resume("room", &seat.ticket, 2).await;
    assert_eq!(code(&reply), ErrorCode::SeatGone);
    let mut back = server.client().await;
    let mut wish = join("room", "Ada");
    // the ticket alone says who it is
    wish.ticket = Some(seat.ticket.clone());
    let again = back.join_with(wish).await;
    assert_eq!(again.peer_id, seat.peer_id);
    let snapshot = snapshot(&again);
    assert_eq!(snapshot.created_at, created_at);
    assert_eq!(snapshot.chat.len(), 1);
    assert_eq!(snapshot.chat[0].text, "before the restart");
    // the client does not know whether it had arrived, and sends it again
    back.chat("before the restart").await;
    back.chat("after it").await;
    let mut bob = server.client().await;
    let welcome = bob.join("room", "Bob").await;
    let chat = &welcome.snapshot.expect("a snapshot").chat;
    let ids: Vec<u64> = chat.iter().map(|m| m.id).collect();
    assert_eq!(ids, [1, 2]);
}

#[tokio::test]
async fn restarted_server_forgets_rooms_that_nobody_returns_to() {
    let mut limits = quick_limits();
    limits.room.grace = patient_limits().room.grace;
    let server = TestServer::with(limits).await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    ada.join("left", "Ada").await;
    ada.chat("old").await;
    bob.join("kept", "Bob").await;
    bob.chat("old").await;

    let server = server.restart().await;
    let mut bob = server.client().await;
    bob.join("kept", "Bob").await;
    let database = server.database().await;
    support::until("the abandoned room is purged", async || {
        database
            .room_ids()
            .await
            .is_ok_and(|ids| ids == [room_key("kept")])
    })
    .await;
    let mut eva = server.client().await;
    let welcome = eva.join("left", "Eva").await;
    assert_eq!(snapshot(&welcome).chat, []);
    let mut eva = server.client().await;
    let welcome = eva.join("kept", "Eva").await;
    assert_eq!(snapshot(&welcome).chat.len(), 1);
}

#[tokio::test]
async fn room_that_could_not_be_deleted_is_purged_later() {
    let server = TestServer::start().await;
    let mut connection = connection(server.folder.path()).await;
    let (refuse, accept) = match postgres() {
        None => (
            "CREATE TRIGGER refuse BEFORE DELETE ON rooms
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            "DROP TRIGGER refuse",
        ),
        Some(_) => (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
             AS 'BEGIN RAISE ''the disk is full''; END';
             CREATE TRIGGER refuse BEFORE DELETE ON rooms EXECUTE FUNCTION refuse()",
            "DROP TRIGGER refuse ON rooms",
        ),
    };
    let refused = raw_sql(refuse).execute(&mut connection).await;
    refused.expect("a trigger");
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.chat("old").await;
    ada.ask_ok(ClientMessage::Leave).await;
    server.until_empty().await;
    let database = server.database().await;
    assert_eq!(
        database.room_ids().await.expect("rooms"),
        [room_key("room")]
    );

    let accepted = raw_sql(accept).execute(&mut connection).await;
    accepted.expect("no trigger");
    support::until("the room is purged", async || {
        database.room_ids().await.is_ok_and(|ids| ids.is_empty())
    })
    .await;
}
