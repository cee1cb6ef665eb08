//! Another token: it is told in the room, and borne by each later join.

use client::{Intent, Request, RoomConfig, model::Phase};
use protocol::{ClientMessage, ErrorCode, RoomKind, ServerMessage};

use crate::stage::{Stage, config};

const OLD: &str = "roomId=room&displayName=Ann&token=old";

fn stage() -> Stage {
    Stage::with(RoomConfig {
        query: OLD.to_owned(),
        ..config()
    })
}

fn joined() -> Stage {
    let mut stage = stage();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome();
    stage.take_effects();
    stage
}

fn bring(stage: &mut Stage, token: &str, mark: u32) {
    stage.intent(Intent::Request(mark, Request::Token(token.to_owned())));
}

fn told(query: &str) -> ClientMessage {
    ClientMessage::SetToken {
        kind: RoomKind::Call,
        query: query.to_owned(),
    }
}

/// The query of the next join.
fn next_join(stage: &mut Stage) -> String {
    stage.intent(Intent::Leave);
    stage.intent(Intent::Rejoin);
    stage.open_socket();
    let sent = stage.take_sent();
    let join = sent.into_iter().find_map(|message| match message {
        ClientMessage::Join(join) => Some(join.query),
        _ => None,
    });
    join.expect("a join")
}

/// The number of the frame that brought a token.
fn frame(stage: &mut Stage, query: &str) -> u32 {
    let frames = stage.take_frames();
    let found = frames.iter().find(|frame| frame.message == told(query));
    found.expect("the token was told").id
}

#[test]
fn before_joining_the_next_join_bears_it() {
    let mut stage = stage();
    bring(&mut stage, "new", 1);
    assert_eq!(stage.model().replies[0].outcome, Ok(()));
    stage.intent(Intent::Join);
    stage.open_socket();
    let sent = stage.take_sent();
    let bears = |message: &ClientMessage| {
        matches!(message, ClientMessage::Join(join)
            if join.query == "roomId=room&displayName=Ann&token=new")
    };
    assert!(sent.iter().any(bears), "{sent:?}");
}

#[test]
fn in_the_room_the_server_is_told_and_the_connection_stays() {
    let mut stage = joined();
    bring(&mut stage, "new", 1);
    let new = "roomId=room&displayName=Ann&token=new";
    let id = frame(&mut stage, new);
    assert!(stage.model().replies.is_empty());
    stage.hear(Some(id), ServerMessage::Ok);
    assert_eq!(stage.model().replies[0].outcome, Ok(()));
    assert_eq!(next_join(&mut stage), new);
}

#[test]
fn one_that_is_refused_was_never_brought_and_is_no_notice() {
    let mut stage = joined();
    bring(&mut stage, "bad", 1);
    bring(&mut stage, "worse", 2);
    let frames = stage.take_frames();
    assert_eq!(frames.len(), 2);
    for frame in &frames {
        stage.refuse(frame.id, ErrorCode::TokenExpired);
    }
    let outcomes: Vec<_> = stage.model().replies.iter().map(|r| r.outcome).collect();
    assert_eq!(outcomes, [Err(ErrorCode::TokenExpired); 2]);
    assert!(stage.notices().is_empty());
    assert_eq!(next_join(&mut stage), OLD);
}

#[test]
fn of_two_the_one_that_was_taken_counts() {
    let mut stage = joined();
    bring(&mut stage, "good", 1);
    bring(&mut stage, "bad", 2);
    let frames = stage.take_frames();
    stage.hear(Some(frames[0].id), ServerMessage::Ok);
    stage.refuse(frames[1].id, ErrorCode::TokenInvalid);
    let good = "roomId=room&displayName=Ann&token=good";
    assert_eq!(next_join(&mut stage), good);
}

#[test]
fn one_that_the_door_refuses_was_never_brought() {
    let mut stage = stage();
    bring(&mut stage, "bad", 1);
    assert!(stage.session.bears_token("bad"));
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.take_sent();
    stage.refuse(1, ErrorCode::TokenInvalid);
    // the same door, at once, and nobody is told that the server was not reached
    assert_eq!(stage.model().phase, Phase::Joining { attempt: 1 });
    assert!(stage.notices().is_empty());
    let refusals = stage.model().refusals.since(0);
    let codes: Vec<_> = refusals.map(|refusal| refusal.code).collect();
    assert_eq!(codes, [ErrorCode::TokenInvalid]);
    stage.open_socket();
    let sent = stage.take_sent();
    let bears_old =
        |message: &ClientMessage| matches!(message, ClientMessage::Join(join) if join.query == OLD);
    assert!(sent.iter().any(bears_old), "{sent:?}");
    // there is no other one to try
    stage.refuse(1, ErrorCode::TokenInvalid);
    assert!(matches!(stage.model().phase, Phase::Ended(_)));
}

#[test]
fn one_that_the_door_takes_has_none_behind_it() {
    let mut stage = stage();
    bring(&mut stage, "good", 1);
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome();
    assert!(stage.session.bears_token("good"));
    assert!(next_join(&mut stage).ends_with("token=good"));
    stage.refuse(1, ErrorCode::TokenExpired);
    assert!(matches!(stage.model().phase, Phase::Ended(_)));
}

#[test]
fn it_is_told_again_when_the_socket_was_lost_before_the_answer() {
    let mut stage = joined();
    bring(&mut stage, "new", 1);
    let new = "roomId=room&displayName=Ann&token=new";
    frame(&mut stage, new);
    stage.lose_socket();
    stage.pass_ms(30_000);
    stage.open_socket();
    stage.resumed();
    let sent = stage.take_sent();
    assert!(sent.contains(&told(new)), "{sent:?}");
}

#[test]
fn a_name_that_the_page_chose_takes_the_place_of_that_in_the_address() {
    let mut stage = joined();
    stage.intent(Intent::Rename("Tom".to_owned()));
    assert_eq!(next_join(&mut stage), "roomId=room&token=old");
}
