//! Messages of the integrator, and clearing the chat.

use protocol::{ErrorCode, RoomEvent};
use server::room::{Command, Effect, Order, OrderRefused, Reply};

use crate::{
    answer, order,
    pure::{Room, events, happened},
    refused,
};

fn say(text: &str) -> Order {
    Order::Say {
        display_name: "Desk".into(),
        text: text.to_owned(),
        nonce: format!("order {text}"),
    }
}

#[test]
fn message_of_the_integrator_is_stored_then_told_then_answered() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = order(&mut room, say("Lunch is served"));
    assert_eq!(answer(&effects), None);
    assert!(matches!(effects.as_slice(), [Effect::StoreChat(_)]));
    let effects = room.apply(Command::ChatStored);
    let Some(Ok(Reply::Said(message))) = answer(&effects) else {
        panic!("no answer: {effects:?}");
    };
    assert_eq!(message.from, None);
    assert_eq!(message.display_name.as_str(), "Desk");
    assert_eq!(events(&effects), [(2, RoomEvent::Chat { message })]);
}

#[test]
fn nobody_speaks_for_the_integrator_by_its_nonce() {
    let mut room = Room::new();
    room.join(1, "ada");
    order(&mut room, say("x"));
    room.apply(Command::ChatStored);
    let nonce = "order x".to_owned();
    let text = "mine".to_owned();
    let effects = room.ask(1, 2, server::room::Request::Chat { text, nonce });
    assert!(matches!(effects.as_slice(), [Effect::StoreChat(_)]));
}

#[test]
fn message_of_the_integrator_has_the_same_bounds() {
    let mut room = Room::new();
    room.join(1, "ada");
    for text in ["", "  ", &"é".repeat(4_001)] {
        let effects = order(&mut room, say(text));
        assert_eq!(refused(&effects), Some(ErrorCode::ChatText));
    }
    order(&mut room, say("lost"));
    let effects = room.apply(Command::ChatFailed);
    assert_eq!(refused(&effects), Some(ErrorCode::Internal));
}

#[test]
fn clearing_waits_for_what_is_being_stored_and_numbers_go_on() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "one");
    assert_eq!(order(&mut room, Order::ClearChat), []);
    room.say(1, 2, "two");
    let effects = room.apply(Command::ChatStored);
    assert!(effects.contains(&Effect::ClearChat));
    assert_eq!(answer(&effects), None);
    let effects = room.apply(Command::ChatCleared);
    assert_eq!(happened(&effects), [RoomEvent::ChatCleared]);
    assert_eq!(answer(&effects), Some(Ok(Reply::Done)));
    room.apply(Command::ChatStored);
    let chat = room.snapshot().chat;
    assert_eq!(chat.len(), 1);
    assert_eq!((chat[0].id, chat[0].text.as_str()), (2, "two"));
}

#[test]
fn chat_that_cannot_be_cleared_stays() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "one");
    room.apply(Command::ChatStored);
    assert_eq!(order(&mut room, Order::ClearChat), [Effect::ClearChat]);
    let effects = room.apply(Command::ChatFailed);
    assert_eq!(happened(&effects), []);
    let failed = Some(Err(OrderRefused::Refused {
        code: ErrorCode::Internal,
        why: "The database failed",
    }));
    assert_eq!(answer(&effects), failed);
    assert_eq!(room.snapshot().chat.len(), 1);
}
