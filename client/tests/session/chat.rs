//! The chat, over good and bad connections.

use client::{Intent, model::Delivery};
use protocol::{ClientMessage, ErrorCode, ServerMessage};

use crate::stage::{ME, Stage, chat, chat_message, snapshot, welcome};

fn write(stage: &mut Stage, text: &str) -> String {
    stage.intent(Intent::SendChat(text.to_owned()));
    let line = stage
        .model()
        .room
        .chat
        .last()
        .expect("the line is shown at once");
    line.message.nonce.clone()
}

fn sent_nonces(stage: &mut Stage) -> Vec<String> {
    let sent = stage
        .take_sent()
        .into_iter()
        .filter_map(|message| match message {
            ClientMessage::Chat { nonce, .. } => Some(nonce),
            _ => None,
        });
    sent.collect()
}

fn reconnect(stage: &mut Stage) {
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
}

#[test]
fn a_message_is_shown_at_once_and_delivered_by_its_event() {
    let mut stage = Stage::joined();
    let nonce = write(&mut stage, " hello ");
    assert_eq!(stage.model().room.chat[0].delivery, Delivery::Sending);
    assert_eq!(stage.model().room.chat[0].message.text, "hello");
    stage.event(11, chat(1, ME, &nonce));
    assert_eq!(stage.model().room.chat.len(), 1);
    assert_eq!(stage.model().room.chat[0].delivery, Delivery::Delivered);
    assert_eq!(stage.model().room.chat[0].message.id, 1);
}

#[test]
fn an_unacknowledged_message_is_sent_again_with_the_same_nonce() {
    let mut stage = Stage::joined();
    let nonce = write(&mut stage, "hello");
    assert_eq!(sent_nonces(&mut stage), [nonce.as_str()]);
    reconnect(&mut stage);
    stage.resumed();
    assert_eq!(sent_nonces(&mut stage), [nonce]);
}

#[test]
fn a_message_whose_event_was_missed_is_shown_once() {
    let mut stage = Stage::joined();
    let nonce = write(&mut stage, "hello");
    reconnect(&mut stage);
    stage.resumed();
    stage.event(11, chat(1, ME, &nonce));
    let again = stage.take_frames();
    stage.hear(Some(again[0].id), ServerMessage::Ok);
    assert_eq!(stage.model().room.chat.len(), 1);
    assert_eq!(stage.model().room.chat[0].delivery, Delivery::Delivered);
    reconnect(&mut stage);
    stage.resumed();
    assert_eq!(
        sent_nonces(&mut stage),
        [""; 0],
        "and not sent a third time"
    );
}

#[test]
fn what_is_written_without_a_connection_is_sent_in_order_when_it_is_back() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    let nonces = ["one", "two", "three"].map(|text| write(&mut stage, text));
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.resumed();
    assert_eq!(sent_nonces(&mut stage), nonces);
}

#[test]
fn a_message_outlives_a_server_restart() {
    let mut stage = Stage::joined();
    let (told, untold) = (write(&mut stage, "one"), write(&mut stage, "two"));
    stage.take_effects();
    reconnect(&mut stage);
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    let kept = snapshot(vec![chat_message(1, ME, &told)]);
    stage.hear(Some(1), welcome(false, Some(kept)));
    assert_eq!(sent_nonces(&mut stage), [untold]);
    let lines: Vec<_> = stage.model().room.chat.iter().map(|l| l.delivery).collect();
    assert_eq!(lines, [Delivery::Delivered, Delivery::Sending]);
}

#[test]
fn a_refused_message_can_be_tried_again() {
    let mut stage = Stage::joined();
    let nonce = write(&mut stage, "hello");
    let id = stage.take_frames()[0].id;
    stage.refuse(id, ErrorCode::RateLimited);
    let failed = Delivery::Failed(ErrorCode::RateLimited);
    assert_eq!(stage.model().room.chat[0].delivery, failed);
    stage.intent(Intent::RetryChat(nonce.clone()));
    assert_eq!(stage.model().room.chat[0].delivery, Delivery::Sending);
    assert_eq!(sent_nonces(&mut stage), [nonce]);
}

#[test]
fn messages_stand_in_the_order_in_which_everybody_gets_them() {
    let mut stage = Stage::joined();
    let (first, second) = (write(&mut stage, "one"), write(&mut stage, "two"));
    stage.event(11, chat(1, "ada", "a"));
    stage.event(12, chat(2, ME, &first));
    stage.event(13, chat(3, "ada", "b"));
    let lines = stage.model().room.chat.iter();
    let order: Vec<&str> = lines.map(|line| &*line.message.nonce).collect();
    assert_eq!(order, ["a", &first, "b", &second]);
}

#[test]
fn nothing_is_not_sent() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SendChat("  \n ".to_owned()));
    assert_eq!(sent_nonces(&mut stage), [""; 0]);
    assert!(stage.model().room.chat.is_empty());
}

#[test]
fn messages_of_others_are_unread_until_the_chat_is_open() {
    let mut stage = Stage::joined();
    stage.event(11, chat(1, "ada", "a"));
    stage.event(12, chat(2, "ada", "b"));
    assert_eq!(stage.model().room.unread, 2);
    stage.intent(Intent::SetChatOpen(true));
    assert_eq!(stage.model().room.unread, 0);
    stage.event(13, chat(3, "ada", "c"));
    assert_eq!(stage.model().room.unread, 0);
}

#[test]
fn history_counts_as_read_and_what_was_missed_does_not() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    let history = vec![chat_message(1, "ada", "a")];
    stage.hear(Some(1), welcome(false, Some(snapshot(history.clone()))));
    assert_eq!(stage.model().room.unread, 0);
    reconnect(&mut stage);
    let missed = [history, vec![chat_message(2, "ada", "b")]].concat();
    stage.hear(Some(1), welcome(true, Some(snapshot(missed))));
    assert_eq!(stage.model().room.unread, 1);
    assert_eq!(stage.model().room.chat.len(), 2);
}

#[test]
fn two_people_may_draw_the_same_nonce() {
    let mut stage = Stage::joined();
    let nonce = write(&mut stage, "hello");
    stage.event(11, chat(1, "ada", &nonce));
    assert_eq!(stage.model().room.chat.len(), 2);
    assert_eq!(stage.model().room.chat[1].delivery, Delivery::Sending);
}
