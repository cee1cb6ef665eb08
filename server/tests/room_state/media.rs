//! Offers, slots, and what is told of connections.

use std::time::Duration;

use media::MediaEvent;
use protocol::{ErrorCode, Offer, Quality, QualityScore, ServerMessage, WireError};
use server::room::{Audience, Command, Effect, OfferDone, Request, SeatId, SessionId};

use crate::pure::{Room, ended_codes, error_code, id, replies, welcome};

fn offer(negotiation: u32) -> Request {
    Request::Offer(Offer {
        negotiation,
        connection: 1,
        sdp: format!("offer {negotiation}"),
        tracks: Vec::new(),
    })
}

#[test]
fn offers_of_one_participant_are_answered_in_order() {
    let mut room = Room::new();
    room.join(1, "ada");
    assert_eq!(room.ask(1, 11, offer(1)).len(), 1);
    assert_eq!(room.ask(1, 12, offer(2)), []);
    let done = |answer| {
        Command::OfferDone(OfferDone {
            peer: id("ada"),
            seat: SeatId(100),
            answer,
        })
    };
    let effects = room.apply(done(Ok("answer".to_owned())));
    let answer = ServerMessage::Answer {
        negotiation: 1,
        connection: 1,
        sdp: "answer".to_owned(),
    };
    assert_eq!(replies(&effects, 1), [(Some(11), answer)]);
    assert!(matches!(&effects[1], Effect::Offer { offer, .. } if offer.negotiation == 2));
    let error = WireError::new(ErrorCode::BadOffer, "no");
    let effects = room.apply(done(Err(error)));
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::BadOffer));
    assert_eq!(effects.len(), 1);
}

#[test]
fn offers_that_pile_up_are_refused() {
    let mut room = Room::new();
    room.join(1, "ada");
    for n in 1..=4 {
        assert_eq!(error_code(&room.ask(1, n, offer(n)), 1), None);
    }
    let effects = room.ask(1, 5, offer(5));
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::RateLimited));
}

#[test]
fn answer_for_a_seat_that_was_replaced_reaches_nobody() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.ask(1, 1, offer(1));
    room.join(2, "ada");
    let effects = room.apply(Command::OfferDone(OfferDone {
        peer: id("ada"),
        seat: SeatId(100),
        answer: Ok("answer".to_owned()),
    }));
    assert_eq!(effects, []);
}

#[test]
fn media_that_cannot_be_had_ends_the_session_and_the_seat() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.apply(Command::MediaRefused(id("ada")));
    assert_eq!(
        ended_codes(&effects, 1),
        [Some(ErrorCode::MediaUnavailable)]
    );
    assert!(room.state.is_over());
}

#[test]
fn speakers_and_quality_are_told_once_and_kept_for_newcomers() {
    let mut room = Room::new();
    room.join(1, "ada");
    let speakers = || MediaEvent::Speakers {
        peers: vec![id("ada"), id("stranger")],
    };
    let told = room.apply(Command::Media(speakers()));
    let peers = vec![id("ada")];
    let known = ServerMessage::Speakers { peers };
    assert_eq!(
        told,
        [Effect::Broadcast {
            to: Audience::All,
            message: known.clone()
        }]
    );
    assert_eq!(room.apply(Command::Media(speakers())), []);

    let changes = vec![Quality {
        peer: id("ada"),
        score: QualityScore::Fair,
    }];
    let quality = MediaEvent::Quality {
        changes: changes.clone(),
    };
    assert_eq!(room.apply(Command::Media(quality.clone())).len(), 1);
    assert_eq!(room.apply(Command::Media(quality)), []);

    let effects = room.join(2, "bob");
    let quality = ServerMessage::Quality { changes };
    assert_eq!(replies(&effects, 2), [(None, known), (None, quality)]);
    room.ask(1, 1, Request::Leave);
    let effects = room.join(3, "eva");
    let none = ServerMessage::Speakers { peers: Vec::new() };
    assert_eq!(
        replies(&effects, 3),
        [(None, none)],
        "who left is forgotten"
    );
}

#[test]
fn lost_media_connection_shows_as_lost_quality() {
    let mut room = Room::new();
    room.join(1, "ada");
    let connection = |connected| {
        Command::Media(MediaEvent::Connection {
            peer: id("ada"),
            connected,
        })
    };
    assert_eq!(room.apply(connection(true)), []);
    let effects = room.apply(connection(false));
    let changes = vec![Quality {
        peer: id("ada"),
        score: QualityScore::Lost,
    }];
    let message = ServerMessage::Quality { changes };
    assert_eq!(
        effects,
        [Effect::Broadcast {
            to: Audience::All,
            message
        }]
    );
}

#[test]
fn slots_go_to_their_participant_alone_and_wait_for_nobody() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    let slots = |peer: &str| {
        Command::Media(MediaEvent::SlotsAssigned {
            peer: id(peer),
            slots: Vec::new(),
        })
    };
    let effects = room.apply(slots("bob"));
    assert!(matches!(
        effects.as_slice(),
        [Effect::Send {
            session: SessionId(2),
            ..
        }]
    ));
    room.detach(2);
    assert_eq!(room.apply(slots("bob")), []);
}

#[test]
fn ten_thousand_seats_leave_nothing_behind() {
    let mut room = Room::new();
    for n in 0..10_000 {
        let peer = format!("peer-{n}");
        room.join(n, &peer);
        room.ask(n, 1, offer(1));
        let connected = false;
        room.apply(Command::Media(MediaEvent::Connection {
            peer: id(&peer),
            connected,
        }));
        if n % 2 == 0 {
            room.ask(n, 2, Request::Leave);
        } else {
            room.detach(n);
            room.pass(Duration::from_secs(31));
        }
        assert!(room.state.is_over());
    }
    let effects = room.join(1, "ada");
    assert_eq!(replies(&effects, 1).len(), 1, "no quality of anybody");
    assert_eq!(
        welcome(&effects)
            .snapshot
            .as_ref()
            .map(|s| s.participants.len()),
        Some(1)
    );
}
