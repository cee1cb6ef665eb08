//! Orders through the door of a room with people in it.

use protocol::{ErrorCode, Moderation, RoomEvent, ServerMessage};
use server::room::{Order, OrderRefused, Reply};

use crate::{
    meeting::{ROOM, enter, person},
    support::{
        TestServer,
        client::{peer_id, room_key, snapshot},
        patient_limits, until,
    },
};

async fn order(server: &TestServer, order: Order) -> Result<Reply, OrderRefused> {
    let room = room_key(ROOM);
    let door = server.server().registry().find(&room).await;
    match door.expect("a running server") {
        Some(door) => door.order(order).await,
        None => Err(OrderRefused::Gone),
    }
}

fn say(text: &str) -> Order {
    Order::Say {
        display_name: "Desk".into(),
        text: text.to_owned(),
        nonce: text.to_owned(),
    }
}

#[tokio::test]
async fn message_reaches_all_and_those_who_come_later() {
    let server = TestServer::with(patient_limits()).await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let said = order(&server, say("Welcome")).await;
    assert!(matches!(said, Ok(Reply::Said(_))), "{said:?}");
    let (_, RoomEvent::Chat { message }) = ada.event().await else {
        panic!("no message");
    };
    assert_eq!(message.from, None);
    // over a restart as well: the database knows who wrote it
    let server = server.restart().await;
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat, [message]);
}

#[tokio::test]
async fn cleared_chat_is_gone_for_those_present_and_those_to_come() {
    let server = TestServer::with(patient_limits()).await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    assert_eq!(ada.chat("secret").await, ServerMessage::Ok);
    assert_eq!(order(&server, Order::ClearChat).await, Ok(Reply::Done));
    let cleared = |event: &RoomEvent| *event == RoomEvent::ChatCleared;
    while !cleared(&ada.event().await.1) {}
    let server = server.restart().await;
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat, []);
}

#[tokio::test]
async fn closed_person_hears_why_and_ended_room_takes_no_orders() {
    let server = TestServer::with(patient_limits()).await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let (mut bob, _) = enter(&server, person("bob")).await;
    let closed = order(&server, Order::Close(peer_id("ada"))).await;
    assert_eq!(closed, Ok(Reply::Done));
    let ended = ada.ended().await;
    assert_eq!(
        (ended.code, ended.retry_after_ms),
        (ErrorCode::PeerClosed, None)
    );
    let end = Order::Moderate(Moderation::End);
    assert_eq!(order(&server, end).await, Ok(Reply::Done));
    assert_eq!(bob.ended().await.code, ErrorCode::MeetingEnded);
    until("the room is gone", async || {
        order(&server, say("?")).await == Err(OrderRefused::Gone)
    })
    .await;
}
