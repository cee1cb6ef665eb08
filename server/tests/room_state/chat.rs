//! Chat: stored before it is told, and said once.

use protocol::{ErrorCode, RoomEvent, ServerMessage};
use server::{
    limits::RoomLimits,
    room::{Command, Effect, Request, SessionId},
};

use crate::pure::{Room, error_code, events, replies};

#[test]
fn chat_is_told_only_once_it_is_stored() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.say(1, 5, "hello");
    let [Effect::StoreChat(message)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!((message.id, message.sent_at), (1, 5_000));
    let message = message.clone();
    let effects = room.apply(Command::ChatStored);
    assert_eq!(events(&effects), [(2, RoomEvent::Chat { message })]);
    assert_eq!(replies(&effects, 1), [(Some(5), ServerMessage::Ok)]);
}

#[test]
fn chat_is_stored_one_by_one_and_in_order() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "one");
    assert_eq!(room.say(1, 2, "two"), []);
    assert_eq!(room.say(1, 3, "three"), []);
    for (re, next) in [(1, Some("two")), (2, Some("three")), (3, None)] {
        let effects = room.apply(Command::ChatStored);
        assert_eq!(replies(&effects, 1), [(Some(re), ServerMessage::Ok)]);
        let stores = effects.iter().find_map(|effect| match effect {
            Effect::StoreChat(message) => Some(message.text.as_str()),
            _ => None,
        });
        assert_eq!(stores, next);
    }
    let ids: Vec<u64> = room.snapshot().chat.iter().map(|m| m.id).collect();
    assert_eq!(ids, [1, 2, 3]);
}

#[test]
fn chat_that_cannot_be_stored_is_refused_and_its_number_is_used_again() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "lost");
    room.say(1, 2, "kept");
    let effects = room.apply(Command::ChatFailed);
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::Internal));
    assert_eq!(events(&effects), []);
    room.apply(Command::ChatStored);
    let chat = room.snapshot().chat;
    assert_eq!((chat[0].id, chat[0].text.as_str()), (1, "kept"));
}

#[test]
fn repeated_nonce_is_written_once_and_answered_each_time() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "hello");
    // the client came back and does not know whether it arrived
    room.resume(2, 1, "ada", 1);
    assert_eq!(room.say(2, 1, "hello"), []);
    let effects = room.apply(Command::ChatStored);
    assert_eq!(replies(&effects, 2), [(Some(1), ServerMessage::Ok)]);
    let effects = room.say(2, 2, "hello");
    assert_eq!(
        effects,
        [Effect::Send {
            session: SessionId(2),
            re: Some(2),
            message: ServerMessage::Ok,
        }]
    );
    assert_eq!(room.snapshot().chat.len(), 1);
}

#[test]
fn same_nonce_of_two_people_is_two_messages() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.say(1, 1, "hello");
    room.apply(Command::ChatStored);
    room.say(2, 1, "hello");
    room.apply(Command::ChatStored);
    assert_eq!(room.snapshot().chat.len(), 2);
}

#[test]
fn chat_text_has_bounds() {
    let mut room = Room::new();
    room.join(1, "ada");
    for text in ["", "  \n ", &"é".repeat(4_001)] {
        let effects = room.say(1, 1, text);
        assert_eq!(error_code(&effects, 1), Some(ErrorCode::ChatText));
    }
    let longest = "é".repeat(4_000);
    let nonce = "n".repeat(65);
    let text = longest.clone();
    let effects = room.ask(1, 1, Request::Chat { text, nonce });
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::BadMessage));
    let (text, nonce) = (longest, "n".to_owned());
    let effects = room.ask(1, 1, Request::Chat { text, nonce });
    assert!(matches!(effects.as_slice(), [Effect::StoreChat(_)]));
}

#[test]
fn chat_that_piles_up_is_refused() {
    let mut room = Room::with(RoomLimits {
        chat_pending: 2,
        ..RoomLimits::default()
    });
    room.join(1, "ada");
    room.say(1, 1, "one");
    room.say(1, 2, "two");
    let effects = room.say(1, 3, "three");
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::RateLimited));
}

#[test]
fn oldest_chat_goes_when_there_is_too_much() {
    let mut room = Room::with(RoomLimits {
        chat_messages: 3,
        chat_bytes: 10,
        ..RoomLimits::default()
    });
    room.join(1, "ada");
    for text in ["a", "b", "c", "d"] {
        room.say(1, 1, text);
        room.apply(Command::ChatStored);
    }
    room.say(1, 1, "123456789");
    room.apply(Command::ChatStored);
    let chat = room.snapshot().chat;
    let texts: Vec<&str> = chat.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(texts, ["d", "123456789"]);
    assert_eq!(chat[1].id, 5);
}

#[test]
fn room_is_not_over_while_chat_is_being_stored() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "bye");
    room.ask(1, 2, Request::Leave);
    assert!(!room.state.is_over());
    room.apply(Command::ChatStored);
    assert!(room.state.is_over());
}
