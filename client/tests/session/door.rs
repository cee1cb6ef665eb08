//! What stands before the meeting: PIN, waiting room, refusals.

use std::time::Duration;

use client::{
    Intent, RoomConfig,
    model::{EndReason, InputState, Phase, PinState},
    session::Effect,
};
use protocol::{ClientMessage, ErrorCode, ErrorDetails, Join, ServerMessage, Source, WireError};

use crate::stage::{ME, Stage, config, peer};

/// The join that was sent on the socket that just opened.
fn join_sent(stage: &mut Stage) -> Join {
    stage.take_effects();
    stage.open_socket();
    let sent = stage.take_sent();
    match sent.as_slice() {
        [ClientMessage::Join(join)] => join.clone(),
        sent => panic!("not a join: {sent:?}"),
    }
}

fn asked_for_pin() -> Stage {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.refuse(1, ErrorCode::PinRequired);
    stage
}

fn waiting() -> Stage {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.make_offer();
    stage.open_socket();
    stage.take_effects();
    stage.hear(Some(1), must_wait());
    stage
}

fn refused(stage: &Stage) -> &WireError {
    match &stage.model().phase {
        Phase::Ended(EndReason::Refused(error)) => error,
        phase => panic!("not refused: {phase:?}"),
    }
}

fn must_wait() -> ServerMessage {
    ServerMessage::Waiting {
        ticket: "of who waits".to_owned(),
    }
}

#[test]
fn the_query_of_the_address_is_sent_with_every_join() {
    let mut stage = Stage::with(RoomConfig {
        query: "roomId=room&token=t".to_owned(),
        ..config()
    });
    stage.intent(Intent::Join);
    assert_eq!(join_sent(&mut stage).query, "roomId=room&token=t");
    stage.welcome();
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    assert_eq!(join_sent(&mut stage).query, "roomId=room&token=t");
}

#[test]
fn a_private_room_asks_for_its_pin_and_the_preview_goes_on() {
    let mut stage = Stage::new();
    stage.intent(Intent::Preview);
    stage.open_input(Source::Camera, "cam");
    stage.open_input(Source::Microphone, "mic");
    stage.intent(Intent::Join);
    assert_eq!(join_sent(&mut stage).pin, None);
    stage.refuse(1, ErrorCode::PinRequired);
    assert_eq!(stage.model().phase, Phase::AskPin(PinState::Wanted));
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseSocket));
    assert!(!effects.contains(&Effect::CloseInput(Source::Camera)));
    assert_eq!(stage.model().devices.camera.state, InputState::On);
    stage.intent(Intent::SetInput(Source::Camera, false));
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseInput(Source::Camera)));
}

#[test]
fn a_pin_is_joined_with_and_kept_for_later() {
    let mut stage = asked_for_pin();
    stage.intent(Intent::EnterPin(" 0123 ".to_owned()));
    assert!(matches!(stage.model().phase, Phase::Joining { .. }));
    assert_eq!(join_sent(&mut stage).pin.as_deref(), Some("0123"));
    stage.welcome();
    assert_eq!(stage.model().phase, Phase::Joined);
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    assert_eq!(join_sent(&mut stage).pin.as_deref(), Some("0123"));
}

#[test]
fn a_wrong_pin_is_told_and_not_tried_again_by_itself() {
    let mut stage = asked_for_pin();
    stage.intent(Intent::EnterPin("1111".to_owned()));
    stage.open_socket();
    stage.refuse(1, ErrorCode::PinWrong);
    assert_eq!(stage.model().phase, Phase::AskPin(PinState::Wrong));
    assert_eq!(stage.session.deadline(), None);
    stage.intent(Intent::EnterPin("  ".to_owned()));
    assert_eq!(stage.model().phase, Phase::AskPin(PinState::Wrong));
}

#[test]
fn after_too_many_pins_it_is_told_how_long_to_wait() {
    let mut stage = asked_for_pin();
    stage.intent(Intent::EnterPin("1111".to_owned()));
    stage.open_socket();
    let details = ErrorDetails {
        retry_after_ms: Some(42_000),
        ..ErrorDetails::default()
    };
    stage.refuse_with(1, ErrorCode::PinLimited, details);
    let limited = Phase::AskPin(PinState::Limited(42_000));
    assert_eq!(stage.model().phase, limited);
}

#[test]
fn who_does_not_know_the_pin_goes_back_out() {
    let mut stage = asked_for_pin();
    stage.intent(Intent::Leave);
    assert_eq!(stage.model().phase, Phase::Prejoin);
    stage.take_effects();
    stage.intent(Intent::Join);
    assert!(matches!(stage.take_effects()[0], Effect::OpenSocket(2)));
}

#[test]
fn who_goes_back_out_while_the_pin_is_tried_leaves_no_ghost() {
    let mut stage = asked_for_pin();
    stage.intent(Intent::EnterPin("0123".to_owned()));
    stage.open_socket();
    stage.intent(Intent::EnterPin("4567".to_owned()));
    assert_eq!(stage.socket, 2, "one at a time");
    stage.take_effects();
    stage.intent(Intent::Leave);
    assert_eq!(stage.take_sent(), [ClientMessage::Leave]);
    assert_eq!(stage.model().phase, Phase::Prejoin);
}

#[test]
fn who_waits_sends_no_offer_before_the_welcome() {
    let mut stage = waiting();
    assert_eq!(stage.model().phase, Phase::Waiting);
    stage.intent(Intent::SetDisplayName("Ada".to_owned()));
    stage.intent(Intent::SetHand(true));
    stage.pass_ms(1_000);
    assert_eq!(stage.take_sent(), []);
    stage.welcome();
    assert_eq!(stage.model().phase, Phase::Joined);
    let sent = stage.take_sent();
    assert!(matches!(sent[0], ClientMessage::Offer(_)), "{sent:?}");
}

#[test]
fn the_socket_of_one_who_waits_is_kept_alive() {
    let mut stage = waiting();
    for _ in 0..20 {
        stage.pass(Duration::from_secs(4));
        assert_eq!(stage.take_sent(), [ClientMessage::Ping]);
        stage.hear(None, ServerMessage::Pong);
    }
    assert_eq!(stage.socket, 1);
    stage.pass(Duration::from_secs(20));
    assert!(stage.socket > 1, "nobody answered");
    assert_eq!(stage.model().phase, Phase::Waiting);
}

#[test]
fn who_waits_joins_again_when_the_socket_is_lost() {
    let mut stage = waiting();
    stage.lose_socket();
    assert_eq!(stage.model().phase, Phase::Waiting);
    stage.pass_ms(0);
    let join = join_sent(&mut stage);
    assert_eq!(join.ticket.as_deref(), Some("of who waits"));
    stage.hear(Some(1), must_wait());
    assert_eq!(stage.model().phase, Phase::Waiting);
    stage.welcome();
    assert_eq!(stage.model().phase, Phase::Joined);
}

#[test]
fn an_offer_that_waited_too_long_is_made_anew() {
    let mut stage = waiting();
    for _ in 0..20 {
        stage.pass(Duration::from_secs(4));
        stage.hear(None, ServerMessage::Pong);
    }
    stage.take_effects();
    stage.welcome();
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
    assert_eq!(stage.take_sent(), []);
}

#[test]
fn who_is_turned_away_is_told_so() {
    let mut stage = waiting();
    stage.refuse(1, ErrorCode::Rejected);
    assert_eq!(refused(&stage).code, ErrorCode::Rejected);
    assert_eq!(stage.session.deadline(), None);
}

#[test]
fn who_leaves_the_waiting_room_says_so() {
    let mut stage = waiting();
    stage.intent(Intent::Leave);
    assert_eq!(stage.take_sent(), [ClientMessage::Leave]);
    assert_eq!(stage.model().phase, Phase::Ended(EndReason::Left));
}

#[test]
fn what_an_integrator_says_reaches_the_participant() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    let details = ErrorDetails {
        reason: Some("Closed for works".to_owned()),
        contact: Some("desk".to_owned()),
        ..ErrorDetails::default()
    };
    stage.refuse_with(1, ErrorCode::AccessLocked, details.clone());
    let error = WireError::new(ErrorCode::AccessLocked, "no").with(details);
    assert_eq!(*refused(&stage), error);
}

#[test]
fn a_server_of_an_integrator_that_fails_can_be_tried_again_with_the_same_pin() {
    let mut stage = asked_for_pin();
    stage.intent(Intent::EnterPin("0123".to_owned()));
    stage.open_socket();
    stage.refuse(1, ErrorCode::AccessUnreachable);
    assert_eq!(refused(&stage).code, ErrorCode::AccessUnreachable);
    stage.intent(Intent::Rejoin);
    assert_eq!(join_sent(&mut stage).pin.as_deref(), Some("0123"));
}

#[test]
fn one_who_was_in_is_not_put_off_by_passing_trouble() {
    for code in [
        ErrorCode::AccessUnreachable,
        ErrorCode::Internal,
        ErrorCode::RateLimited,
    ] {
        let mut stage = Stage::joined();
        stage.lose_socket();
        stage.pass_ms(0);
        stage.open_socket();
        stage.refuse(1, ErrorCode::SeatGone);
        stage.pass_ms(0);
        stage.open_socket();
        stage.refuse(1, code);
        assert!(matches!(stage.model().phase, Phase::Reconnecting { .. }));
        stage.pass(Duration::from_secs(1));
        assert_eq!(stage.socket, 4);
    }
}

#[test]
fn one_who_was_removed_knocks_as_the_same_participant() {
    let mut stage = Stage::joined();
    stage.hear(
        None,
        ServerMessage::Ended(protocol::Ended {
            code: ErrorCode::Removed,
            message: "removed".to_owned(),
            retry_after_ms: None,
        }),
    );
    assert_eq!(refused(&stage).code, ErrorCode::Removed);
    assert_eq!(stage.session.deadline(), None, "not by itself");
    stage.intent(Intent::Rejoin);
    let join = join_sent(&mut stage);
    assert_eq!(join.peer_id, Some(peer(ME)));
    assert_eq!(join.ticket.as_deref(), Some("ticket"));
    stage.hear(Some(1), must_wait());
    assert_eq!(stage.model().phase, Phase::Waiting);
}

#[test]
fn a_meeting_that_was_ended_for_all_leaves_no_ticket_for_the_next() {
    let mut stage = Stage::joined();
    stage.hear(
        None,
        ServerMessage::Ended(protocol::Ended {
            code: ErrorCode::MeetingEnded,
            message: String::new(),
            retry_after_ms: None,
        }),
    );
    assert_eq!(refused(&stage).code, ErrorCode::MeetingEnded);
    stage.intent(Intent::Rejoin);
    assert_eq!(join_sent(&mut stage).ticket, None);
}

#[test]
fn a_name_that_is_given_is_shown_from_the_start_and_stays() {
    let mut stage = Stage::with(RoomConfig {
        display_name: Some("Ada Lovelace".into()),
        ..config()
    });
    stage.intent(Intent::SetDisplayName("Somebody".to_owned()));
    assert_eq!(stage.model().devices.display_name.as_str(), "Ada Lovelace");
    stage.intent(Intent::Join);
    let join = join_sent(&mut stage);
    assert_eq!(join.display_name.as_str(), "Ada Lovelace");
}

#[test]
fn the_server_has_the_last_word_on_a_name() {
    let mut stage = Stage::new();
    stage.intent(Intent::SetDisplayName("Ada".to_owned()));
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.take_effects();
    stage.welcome_as(|welcome| welcome.you.participant.display_name = "Dr Ada".into());
    assert_eq!(stage.model().devices.display_name.as_str(), "Dr Ada");
    stage.pass_ms(2_000);
    let renamed = |m: &ClientMessage| matches!(m, ClientMessage::SetDisplayName { .. });
    assert!(!stage.take_sent().iter().any(renamed));
}
