//! The socket is lost, the server restarts, somebody else takes the seat.

use std::time::Duration;

use client::{
    Intent,
    model::{EndReason, NoticeKind, Phase},
    session::{Effect, Input, TransportState},
};
use protocol::{ClientMessage, Ended, ErrorCode, ServerMessage, Source};

use crate::stage::{ME, Stage, joined, peer, snapshot, welcome};

fn reconnecting(stage: &Stage) -> bool {
    matches!(stage.model().phase, Phase::Reconnecting { .. })
}

fn ended(code: ErrorCode, retry_after_ms: Option<u32>) -> ServerMessage {
    ServerMessage::Ended(Ended {
        code,
        message: String::new(),
        retry_after_ms,
    })
}

#[test]
fn a_lost_socket_is_replaced_at_once_and_resumes_after_the_last_event() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.lose_socket();
    assert!(reconnecting(&stage));
    stage.pass_ms(0);
    assert_eq!(stage.socket, 2);
    stage.open_socket();
    let sent = stage.take_sent();
    assert!(
        matches!(&sent[0], ClientMessage::Resume(r) if r.last_event == 11 && r.ticket == "ticket")
    );
    stage.resumed();
    assert_eq!(stage.model().phase, Phase::Joined);
}

#[test]
fn missed_events_are_applied_once() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.resumed();
    stage.event(11, joined("ada"));
    stage.event(12, joined("bob"));
    assert_eq!(stage.model().room.participants.len(), 3);
}

#[test]
fn resuming_leaves_the_media_connection_alone() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.resumed();
    let effects = stage.take_effects();
    let touched = effects.iter().any(|effect| {
        matches!(
            effect,
            Effect::Offer { .. } | Effect::StartConnection { .. } | Effect::StopConnection
        )
    });
    assert!(!touched, "{effects:?}");
}

#[test]
fn attempts_are_counted_and_their_distance_grows_to_five_seconds() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(0);
    let mut waits = Vec::new();
    for attempt in 2..9 {
        let socket = stage.socket;
        stage.lose_socket();
        let Phase::Reconnecting { attempt: shown, .. } = stage.model().phase else {
            panic!("not reconnecting");
        };
        assert_eq!(shown, attempt);
        let mut waited = 0;
        while stage.socket == socket {
            stage.pass_ms(5);
            waited += 5;
        }
        waits.push(waited);
    }
    assert!(
        waits[0] <= 250 && waits[1] <= 500 && waits[2] <= 1_000,
        "{waits:?}"
    );
    assert!(waits.iter().all(|wait| *wait <= 5_000), "{waits:?}");
    assert!(waits[6] >= 2_500, "{waits:?}");
}

#[test]
fn a_server_that_lets_in_and_cuts_off_is_not_stormed() {
    let mut stage = Stage::joined();
    for _ in 0..100 {
        stage.lose_socket();
        let socket = stage.socket;
        while stage.socket == socket {
            stage.pass_ms(5);
        }
        stage.open_socket();
        stage.resumed();
    }
    stage.lose_socket();
    let socket = stage.socket;
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.socket, socket, "the wait has grown");
}

#[test]
fn a_socket_that_lasted_is_replaced_at_once_again() {
    let mut stage = Stage::joined();
    for _ in 0..6 {
        stage.lose_socket();
        stage.pass(Duration::from_secs(5));
    }
    stage.open_socket();
    stage.resumed();
    stage.pass(Duration::from_secs(6));
    let socket = stage.socket;
    stage.lose_socket();
    stage.pass_ms(0);
    assert_eq!(stage.socket, socket + 1);
}

#[test]
fn a_page_that_wakes_has_the_sound_go_on() {
    let mut stage = Stage::joined();
    stage.input(Input::Wake);
    assert!(stage.take_effects().contains(&Effect::PlayAudio));
}

#[test]
fn a_network_that_comes_back_is_used_at_once() {
    let mut stage = Stage::joined();
    for _ in 0..6 {
        stage.lose_socket();
        stage.pass(Duration::from_secs(5));
    }
    stage.lose_socket();
    let socket = stage.socket;
    stage.input(Input::Wake);
    assert_eq!(stage.socket, socket + 1);
}

#[test]
fn a_seat_that_is_gone_is_taken_anew_with_the_same_intent() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetDisplayName("Ada".to_owned()));
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    assert_eq!(stage.socket, 3, "without a wait");
    stage.take_effects();
    stage.open_socket();
    let sent = stage.take_sent();
    let [ClientMessage::Join(join)] = sent.as_slice() else {
        panic!("not a join: {sent:?}");
    };
    assert_eq!(join.peer_id, Some(peer(ME)));
    assert_eq!(join.ticket.as_deref(), Some("ticket"));
    assert_eq!(join.display_name.as_str(), "Ada");
}

#[test]
fn a_new_seat_gets_a_new_media_connection_and_the_view_again() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetView(vec![crate::media::tile("ada")]));
    stage.pass_ms(200);
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.welcome();
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
    stage.make_offer();
    let sent = stage.take_sent();
    assert!(
        sent.iter()
            .any(|m| matches!(m, ClientMessage::SetView(v) if v.tiles.len() == 1))
    );
    assert!(
        sent.iter()
            .any(|m| matches!(m, ClientMessage::Offer(o) if o.connection == 2))
    );
}

#[test]
fn a_ticket_that_is_no_good_is_not_shown_again() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::BadTicket);
    stage.pass_ms(0);
    stage.take_effects();
    stage.open_socket();
    let sent = stage.take_sent();
    assert!(matches!(&sent[0], ClientMessage::Join(join) if join.ticket.is_none()));
}

#[test]
fn after_a_server_restart_everybody_joins_again_without_a_word_about_it() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    let seen = stage.notices();
    stage.hear(None, ended(ErrorCode::ServerShutdown, Some(1_000)));
    assert!(matches!(
        stage.model().phase,
        Phase::Reconnecting {
            server_restart: true,
            ..
        }
    ));
    stage.pass_ms(999);
    assert_eq!(stage.socket, 1, "not before the server wishes");
    stage.pass_ms(600);
    assert_eq!(stage.socket, 2);
    stage.take_effects();
    stage.open_socket();
    assert!(matches!(stage.take_sent()[0], ClientMessage::Join(_)));
    stage.welcome();
    stage.answer_offer();
    stage.transport(TransportState::Connected);
    stage.event(11, joined("ada"));
    assert_eq!(stage.model().room.participants.len(), 2);
    let news: Vec<_> = stage.notices().split_off(seen.len());
    assert_eq!(news, [NoticeKind::Reconnected], "her return is no news");
}

#[test]
fn one_who_is_replaced_does_not_come_back_by_themselves() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(Source::Camera, true));
    stage.open_input(Source::Camera, "cam");
    stage.take_effects();
    stage.hear(None, ended(ErrorCode::Replaced, None));
    assert_eq!(stage.model().phase, Phase::Ended(EndReason::Replaced));
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseInput(Source::Camera)));
    stage.input(Input::SocketClosed(1));
    stage.input(Input::Wake);
    stage.pass(Duration::from_secs(600));
    assert_eq!(stage.take_effects(), []);
}

#[test]
fn three_missed_pongs_mean_that_the_socket_is_dead() {
    let mut stage = Stage::joined();
    stage.pass(Duration::from_secs(15));
    assert_eq!(stage.socket, 1);
    assert_eq!(stage.take_sent().len(), 3, "pings");
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.socket, 2);
}

#[test]
fn a_socket_that_answers_lives() {
    let mut stage = Stage::joined();
    for _ in 0..20 {
        stage.pass(Duration::from_secs(4));
        for frame in stage.take_frames() {
            stage.hear(Some(frame.id), ServerMessage::Pong);
        }
    }
    assert_eq!(stage.socket, 1);
    assert_eq!(stage.model().phase, Phase::Joined);
}

#[test]
fn a_page_that_wakes_checks_its_socket_within_two_seconds() {
    let mut stage = Stage::joined();
    stage.input(Input::Wake);
    assert_eq!(stage.take_sent(), [ClientMessage::Ping]);
    stage.pass_ms(2_100);
    assert_eq!(stage.socket, 2);
}

#[test]
fn a_machine_that_slept_checks_its_socket_too() {
    let mut stage = Stage::joined();
    stage.sleep(Duration::from_secs(3_600));
    stage.pass_ms(2_100);
    assert_eq!(stage.socket, 2);
}

#[test]
fn what_was_not_acknowledged_is_said_again() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(Source::Microphone, true));
    stage.open_input(Source::Microphone, "mic");
    stage.intent(Intent::SetDisplayName("Ada".to_owned()));
    assert_eq!(stage.take_sent().len(), 2);
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.resumed();
    let sent = stage.take_sent();
    let microphone = ClientMessage::SetMedia {
        source: Source::Microphone,
        on: true,
    };
    assert!(sent.contains(&microphone), "{sent:?}");
    let named = |m: &ClientMessage| matches!(m, ClientMessage::SetDisplayName { .. });
    assert!(sent.iter().any(named));
}

#[test]
fn a_short_outage_is_not_worth_a_word() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(100);
    stage.open_socket();
    stage.resumed();
    assert_eq!(stage.notices(), []);
}

#[test]
fn a_longer_outage_is_announced_when_it_is_over() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(3_000);
    stage.open_socket();
    stage.resumed();
    assert_eq!(stage.notices(), [NoticeKind::Reconnected]);
}

#[test]
fn a_resume_after_too_long_brings_the_whole_room() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    let mut fresh = snapshot(Vec::new());
    fresh.last_event = 5_000;
    stage.hear(Some(1), welcome(true, Some(fresh)));
    assert_eq!(stage.model().room.participants.len(), 1);
    assert_eq!(stage.last_offer(), None, "the media connection lives on");
    stage.event(5_000, joined("ada"));
    assert_eq!(
        stage.model().room.participants.len(),
        1,
        "contained already"
    );
}

#[test]
fn a_seat_that_somebody_took_over_is_not_asked_for_again() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::Replaced);
    assert_eq!(stage.model().phase, Phase::Ended(EndReason::Replaced));
    assert_eq!(stage.session.deadline(), None);
}
