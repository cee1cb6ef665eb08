//! Offers, answers, slots and the ICE restart policy.

use std::time::Duration;

use client::{
    Intent,
    model::Phase,
    session::{Effect, Input, TransportState},
};
use protocol::{
    ClientMessage, ErrorCode, MediaState, RoomEvent, ServerMessage, SlotAssignment, Source,
    TrackRef, ViewTile,
};

use crate::stage::{ME, Stage, joined, offer, peer};

pub(crate) fn tile(of: &str) -> ViewTile {
    ViewTile {
        track: camera(of),
        width: 640,
        height: 360,
    }
}

fn camera(of: &str) -> TrackRef {
    TrackRef {
        peer: peer(of),
        source: Source::Camera,
    }
}

fn answers(stage: &mut Stage) -> usize {
    let effects = stage.take_effects();
    let answers = effects
        .iter()
        .filter(|e| matches!(e, Effect::Answer { .. }));
    answers.count()
}

/// The ICE restart that a lost path leads to, with its offer sent.
fn restarted() -> Stage {
    let mut stage = Stage::joined();
    stage.transport(TransportState::Disconnected);
    stage.pass_ms(2_000);
    stage
}

#[test]
fn a_path_that_recovers_by_itself_is_left_alone() {
    let mut stage = Stage::joined();
    stage.transport(TransportState::Disconnected);
    stage.pass_ms(1_900);
    stage.transport(TransportState::Connected);
    stage.pass_ms(3_000);
    assert_eq!(stage.last_offer(), None);
    assert_eq!(stage.model().phase, Phase::Joined);
}

#[test]
fn ice_is_restarted_after_two_seconds_without_a_path() {
    let mut stage = restarted();
    assert_eq!(stage.last_offer(), Some((1, 2, true)));
    assert!(matches!(stage.model().phase, Phase::Reconnecting { .. }));
    stage.answer_offer();
    stage.transport(TransportState::Connected);
    assert_eq!(stage.model().phase, Phase::Joined);
    stage.take_effects();
    stage.pass_ms(11_000);
    assert_eq!(stage.last_offer(), None);
}

#[test]
fn ice_that_failed_is_restarted_at_once() {
    let mut stage = Stage::joined();
    stage.transport(TransportState::Failed);
    assert_eq!(stage.last_offer(), Some((1, 2, true)));
}

#[test]
fn a_restart_that_does_not_help_leads_to_a_new_connection() {
    let mut stage = restarted();
    stage.answer_offer();
    stage.take_effects();
    stage.pass_ms(9_900);
    assert_eq!(stage.last_offer(), None);
    stage.pass_ms(200);
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
}

#[test]
fn a_first_connection_that_never_comes_up_is_made_anew() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome();
    stage.answer_offer();
    stage.take_effects();
    stage.pass_ms(10_100);
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
    assert!(matches!(stage.model().phase, Phase::Reconnecting { .. }));
}

#[test]
fn without_a_socket_nothing_is_made_anew() {
    let mut stage = restarted();
    stage.answer_offer();
    stage.lose_socket();
    stage.take_effects();
    for _ in 0..10 {
        stage.lose_socket();
        stage.pass(Duration::from_secs(5));
    }
    assert_eq!(stage.last_offer(), None);
}

#[test]
fn a_socket_that_is_back_before_the_path_restarts_ice_at_once() {
    let mut stage = Stage::joined();
    stage.transport(TransportState::Disconnected);
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.resumed();
    assert_eq!(stage.last_offer(), Some((1, 2, true)));
}

#[test]
fn waking_up_without_a_path_restarts_ice_at_once() {
    let mut stage = Stage::joined();
    stage.transport(TransportState::Disconnected);
    stage.input(Input::Wake);
    assert_eq!(stage.last_offer(), Some((1, 2, true)));
}

#[test]
fn an_offer_whose_answer_was_lost_is_made_again() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome();
    stage.make_offer();
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.resumed();
    assert_eq!(stage.last_offer(), Some((1, 2, true)));
    stage.take_effects();
    stage.answer(1, 1);
    assert_eq!(answers(&mut stage), 0, "the older one's answer is stale");
    stage.input(Input::OfferReady(offer(1, 2)));
    stage.answer(1, 2);
    assert_eq!(answers(&mut stage), 1);
}

#[test]
fn an_answer_is_taken_once() {
    let mut stage = restarted();
    let (connection, negotiation) = stage.make_offer();
    stage.answer(connection, negotiation);
    stage.answer(connection, negotiation);
    assert_eq!(answers(&mut stage), 1);
}

#[test]
fn a_stale_offer_of_the_browser_is_not_sent() {
    let mut stage = restarted();
    stage.take_effects();
    stage.input(Input::OfferReady(offer(1, 1)));
    stage.input(Input::OfferReady(offer(7, 2)));
    assert_eq!(stage.take_sent(), []);
}

#[test]
fn events_of_an_older_connection_are_nobodys() {
    let mut stage = restarted();
    stage.answer_offer();
    stage.pass_ms(10_100);
    stage.take_effects();
    for state in [TransportState::Connected, TransportState::Failed] {
        stage.input(Input::Transport {
            connection: 1,
            state,
        });
    }
    assert_eq!(stage.take_effects(), []);
}

#[test]
fn a_refused_offer_leads_to_a_new_connection_after_a_while() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome();
    stage.make_offer();
    let frames = stage.take_frames();
    let sent = frames
        .iter()
        .find(|f| matches!(f.message, ClientMessage::Offer(_)));
    stage.refuse(sent.unwrap().id, ErrorCode::MediaUnavailable);
    stage.pass_ms(2_100);
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
}

#[test]
fn a_larger_grid_costs_one_more_offer_and_a_smaller_none() {
    let mut stage = Stage::joined();
    let tiles = |count: usize| (0..count).map(|i| tile(&format!("p{i}"))).collect();
    stage.intent(Intent::SetView(tiles(9)));
    assert_eq!(stage.last_offer(), None);
    stage.intent(Intent::SetView(tiles(10)));
    let grown = stage
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Offer {
                slots, restart_ice, ..
            } => Some((slots.video, restart_ice)),
            _ => None,
        });
    assert_eq!(grown, Some((16, false)));
    stage.intent(Intent::SetView(tiles(3)));
    stage.intent(Intent::SetView(tiles(16)));
    assert_eq!(stage.last_offer(), None);
}

#[test]
fn only_one_offer_is_under_way() {
    let mut stage = restarted();
    stage.make_offer();
    stage.take_effects();
    stage.transport(TransportState::Failed);
    assert_eq!(stage.last_offer(), None);
    stage.answer(1, 2);
    assert_eq!(stage.last_offer(), Some((1, 3, true)));
}

fn views(stage: &mut Stage) -> Vec<Vec<ViewTile>> {
    let sent = stage.take_sent().into_iter();
    let views = sent.filter_map(|message| match message {
        ClientMessage::SetView(view) => Some(view.tiles),
        _ => None,
    });
    views.collect()
}

#[test]
fn the_first_of_many_views_is_told_at_once_and_then_the_last() {
    let mut stage = Stage::joined();
    for of in ["a", "b", "c"] {
        stage.intent(Intent::SetView(vec![tile(of)]));
    }
    assert_eq!(views(&mut stage), [[tile("a")]]);
    stage.pass_ms(99);
    assert_eq!(views(&mut stage), [[]; 0]);
    stage.pass_ms(1);
    assert_eq!(views(&mut stage), [[tile("c")]]);
}

#[test]
fn a_view_that_is_known_is_not_told_again() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetView(vec![tile("a")]));
    stage.take_effects();
    stage.intent(Intent::SetView(vec![tile("b")]));
    stage.intent(Intent::SetView(vec![tile("a")]));
    stage.pass_ms(150);
    assert_eq!(views(&mut stage), [[]; 0]);
}

#[test]
fn nobody_asks_the_server_for_their_own_picture() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetView(vec![tile(ME), tile("ada")]));
    stage.pass_ms(150);
    let sent = stage.take_sent();
    assert!(matches!(&sent[0], ClientMessage::SetView(v) if v.tiles == [tile("ada")]));
}

#[test]
fn a_picture_can_be_shown_while_it_is_on_and_has_a_slot() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    let assigned = |track| ServerMessage::SlotAssigned {
        slots: vec![SlotAssignment {
            slot: "8".to_owned(),
            track,
        }],
    };
    let on = |camera| RoomEvent::MediaChanged {
        peer: peer("ada"),
        media: MediaState {
            camera,
            ..MediaState::default()
        },
    };
    stage.hear(None, assigned(Some(camera("ada"))));
    assert_eq!(stage.model().room.videos, []);
    stage.event(12, on(true));
    assert_eq!(stage.model().room.videos, [camera("ada")]);
    assert_eq!(stage.session.slots().slot_of(&camera("ada")).unwrap(), "8");
    stage.hear(None, assigned(None));
    assert_eq!(stage.model().room.videos, []);
}

#[test]
fn a_new_connection_has_no_slots_until_the_server_says_so() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    let slot = SlotAssignment {
        slot: "8".to_owned(),
        track: Some(camera("ada")),
    };
    stage.hear(None, ServerMessage::SlotAssigned { slots: vec![slot] });
    stage.transport(TransportState::Failed);
    stage.answer_offer();
    stage.pass_ms(10_100);
    assert_eq!(stage.session.slots().slot_of(&camera("ada")), None);
}
