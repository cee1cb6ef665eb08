//! Entering, leaving, and being refused.

use std::time::Duration;

use client::{
    Intent,
    model::{EndReason, Phase},
    session::{Effect, Input},
};
use protocol::{ClientMessage, ErrorCode, ServerMessage, Source, WireError};

use crate::stage::{ME, Stage, joined, peer};

#[test]
fn the_offer_is_made_while_the_socket_opens() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    assert_eq!(stage.model().phase, Phase::Joining { attempt: 1 });
    let effects = stage.take_effects();
    assert!(matches!(effects[0], Effect::OpenSocket(1)));
    assert!(matches!(
        effects[1],
        Effect::StartConnection { connection: 1 }
    ));
    assert!(matches!(
        effects[2],
        Effect::Offer {
            connection: 1,
            negotiation: 1,
            ..
        }
    ));
}

fn previewed() -> Stage {
    let mut stage = Stage::new();
    stage.intent(Intent::Preview);
    stage.open_input(Source::Camera, "cam");
    assert_eq!(
        stage.last_offer(),
        None,
        "the microphone is still asked for"
    );
    stage.open_input(Source::Microphone, "mic");
    stage
}

#[test]
fn the_offer_is_made_ahead_when_the_preview_has_its_devices() {
    let mut stage = previewed();
    assert_eq!(stage.make_offer(), (1, 1));
    stage.take_effects();
    stage.intent(Intent::Join);
    assert_eq!(stage.take_effects(), [Effect::OpenSocket(1)]);
    stage.open_socket();
    stage.welcome();
    let sent = stage.take_sent();
    assert!(
        sent.iter()
            .any(|m| matches!(m, ClientMessage::Offer(o) if o.connection == 1))
    );
}

#[test]
fn what_was_made_ahead_a_minute_ago_is_made_anew() {
    let mut stage = previewed();
    stage.make_offer();
    stage.take_effects();
    stage.pass(Duration::from_secs(61));
    stage.intent(Intent::Join);
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
}

#[test]
fn what_was_made_ahead_is_made_anew_on_another_network() {
    let mut stage = previewed();
    stage.make_offer();
    stage.input(Input::Wake);
    assert_eq!(stage.last_offer(), Some((2, 1, false)));
}

#[test]
fn an_offer_that_is_ready_early_waits_for_the_seat() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.make_offer();
    stage.open_socket();
    assert!(matches!(
        stage.take_sent().as_slice(),
        [ClientMessage::Join(_)]
    ));
    stage.welcome();
    assert!(matches!(stage.take_sent()[0], ClientMessage::Offer(_)));
}

#[test]
fn an_offer_that_is_ready_late_is_sent_at_once() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome();
    let (connection, negotiation) = stage.last_offer().map(|o| (o.0, o.1)).unwrap();
    stage.take_effects();
    stage.input(Input::OfferReady(crate::stage::offer(
        connection,
        negotiation,
    )));
    assert!(matches!(
        stage.take_sent().as_slice(),
        [ClientMessage::Offer(_)]
    ));
}

#[test]
fn join_tells_the_name_and_what_is_on() {
    let mut stage = Stage::new();
    stage.intent(Intent::SetDisplayName("  Ada  ".to_owned()));
    stage.intent(Intent::SetInput(Source::Microphone, true));
    stage.open_input(Source::Microphone, "mic");
    stage.intent(Intent::Join);
    stage.open_socket();
    let sent = stage.take_sent();
    let [ClientMessage::Join(join)] = sent.as_slice() else {
        panic!("not a join: {sent:?}");
    };
    assert_eq!(join.display_name.as_str(), "Ada");
    assert!(join.media.microphone && !join.media.camera);
    assert_eq!((join.peer_id.clone(), join.ticket.clone()), (None, None));
    stage.welcome();
    let repeated = stage.take_sent().into_iter().find(|message| {
        matches!(
            message,
            ClientMessage::SetMedia { .. } | ClientMessage::SetDisplayName { .. }
        )
    });
    assert_eq!(repeated, None);
}

#[test]
fn welcome_leads_into_the_meeting() {
    let stage = Stage::joined();
    assert_eq!(stage.model().phase, Phase::Joined);
    assert_eq!(stage.model().me, Some(peer(ME)));
    assert_eq!(stage.model().room.participants.len(), 1);
}

#[test]
fn a_server_that_is_not_there_is_tried_again() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    for attempt in 2..6 {
        stage.lose_socket();
        stage.pass(Duration::from_secs(6));
        assert_eq!(stage.socket, attempt);
        assert_eq!(stage.model().phase, Phase::Joining { attempt });
    }
}

#[test]
fn a_socket_that_never_opens_is_given_up_after_ten_seconds() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.pass_ms(9_900);
    assert_eq!(stage.socket, 1);
    stage.pass_ms(200);
    assert_eq!(stage.socket, 2);
}

#[test]
fn leaving_says_so_and_ends_everything() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(Source::Camera, true));
    stage.open_input(Source::Camera, "cam");
    stage.take_effects();
    stage.intent(Intent::Leave);
    let effects = stage.take_effects();
    let Effect::Send(frame) = &effects[0] else {
        panic!("nothing said: {effects:?}");
    };
    assert_eq!(frame.message, ClientMessage::Leave);
    assert_eq!(
        effects[1..],
        [
            Effect::CloseSocket,
            Effect::StopConnection,
            Effect::CloseInput(Source::Camera)
        ]
    );
    assert_eq!(stage.model().phase, Phase::Ended(EndReason::Left));
    assert_eq!(stage.session.deadline(), None);
}

#[test]
fn a_page_that_goes_away_gives_its_seat_up() {
    let mut stage = Stage::joined();
    stage.input(Input::PageGone);
    assert_eq!(stage.take_sent(), [ClientMessage::Leave]);
}

#[test]
fn rejoining_enters_as_the_same_participant_with_the_same_devices() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(Source::Camera, true));
    stage.open_input(Source::Camera, "cam");
    stage.intent(Intent::Leave);
    stage.take_effects();
    stage.intent(Intent::Rejoin);
    assert_eq!(stage.model().phase, Phase::Joining { attempt: 1 });
    let effects = stage.take_effects();
    let reopened = |effect: &Effect| matches!(effect, Effect::OpenInputs(inputs) if inputs[0].source == Source::Camera);
    assert!(effects.iter().any(reopened));
    stage.open_socket();
    let sent = stage.take_sent();
    assert!(matches!(&sent[0], ClientMessage::Join(join) if join.peer_id == Some(peer(ME))));
}

#[test]
fn a_refused_participant_is_told_why() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.refuse(1, ErrorCode::ProtocolVersion);
    let refused = WireError::new(ErrorCode::ProtocolVersion, "no");
    let refused = Phase::Ended(EndReason::Refused(refused));
    assert_eq!(stage.model().phase, refused);
    assert_eq!(stage.session.deadline(), None);
}

#[test]
fn messages_of_an_older_socket_are_nobodys() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.pass_ms(1);
    stage.input(Input::SocketClosed(1));
    stage.input(Input::Received {
        socket: 1,
        frame: Box::new(protocol::ServerFrame {
            re: None,
            message: ServerMessage::Speakers {
                peers: vec![peer("x")],
            },
        }),
    });
    assert_eq!(stage.socket, 2);
    assert!(stage.model().room.speakers.is_empty());
}

#[test]
fn one_who_leaves_before_the_welcome_says_so_and_leaves_no_ghost() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.take_effects();
    stage.input(Input::PageGone);
    assert_eq!(stage.take_sent(), [ClientMessage::Leave]);
    stage.intent(Intent::Leave);
    let effects = stage.take_effects();
    let farewell = |e: &Effect| matches!(e, Effect::Send(f) if f.message == ClientMessage::Leave);
    let said = effects.iter().position(farewell);
    let closed = effects.iter().position(|e| *e == Effect::CloseSocket);
    assert!(said.is_some() && said < closed, "{effects:?}");
}

#[test]
fn nothing_is_said_on_a_socket_that_is_not_open() {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.take_effects();
    stage.intent(Intent::Leave);
    assert_eq!(stage.take_sent(), []);
}

#[test]
fn who_comes_back_is_not_told_old_news() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.intent(Intent::Leave);
    stage.intent(Intent::Rejoin);
    assert_eq!(stage.notices(), []);
}
