//! What viewers may, who learns of them, and what they cost.

use std::time::{Duration, Instant};

use media::MediaEvent;
use protocol::{
    ErrorCode, MediaState, Moderation, OffReason, Quality, QualityScore, Role, RoomEvent,
    ServerMessage, Source,
};
use server::room::{Audience, Command, Effect, Join, Request};

use crate::pure::{
    Room, both, error_code, events, happened, id, join, moderator, replies, sources, told, viewer,
    welcome, yous,
};

fn webinar() -> Room {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join(2, "ada");
    room
}

fn counts(effects: &[Effect]) -> Vec<u32> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Broadcast {
            to: Audience::All,
            message: ServerMessage::Audience { count },
        } => Some(*count),
        _ => None,
    });
    told.collect()
}

#[test]
fn viewer_sees_the_stage_and_is_not_on_it() {
    let mut room = webinar();
    let effects = room.come(Join {
        media: both(),
        claims: viewer(),
        ..join(3, "vic")
    });
    assert_eq!(events(&effects), [], "nobody is told by an event");
    let to = welcome(&effects);
    let you = &to.you;
    assert_eq!(you.participant.role, Role::Viewer);
    assert_eq!(you.participant.media, MediaState::default());
    assert!(!you.may_chat && !you.may_raise_hand && !you.may_record);
    let snapshot = to.snapshot.as_ref().expect("a snapshot");
    assert_eq!(snapshot.viewers, 1);
    let ids: Vec<&str> = snapshot
        .participants
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(ids, ["mod", "ada"]);
    assert_eq!(
        sources(&effects, "vic"),
        None,
        "nothing of theirs is forwarded"
    );
    let notice = ServerMessage::TurnedOff {
        sources: vec![Source::Microphone, Source::Camera],
        reason: OffReason::Forbidden,
        by: None,
    };
    assert!(told(&effects, 3).contains(&notice));
}

#[test]
fn viewer_may_watch_and_nothing_else() {
    let mut room = webinar();
    room.join_as(3, "vic", viewer());
    for request in [
        Request::SetMedia(Source::Microphone, true),
        Request::SetMedia(Source::Camera, true),
        Request::SetMedia(Source::Screen, true),
        Request::SetMedia(Source::ScreenAudio, true),
        Request::SetHand(true),
        Request::Moderate(Moderation::End),
        Request::Chat {
            text: "hello".to_owned(),
            nonce: "1".to_owned(),
        },
    ] {
        let effects = room.ask(3, 9, request);
        assert_eq!(error_code(&effects, 3), Some(ErrorCode::Forbidden));
        assert_eq!(effects.len(), 1);
    }
    let view = Request::SetView(protocol::View::default());
    assert_eq!(error_code(&room.ask(3, 9, view), 3), None);
}

#[test]
fn number_of_viewers_is_told_to_all_at_most_once_a_second() {
    let mut room = webinar();
    let effects = room.join_as(10, "vic", viewer());
    assert_eq!(counts(&effects), [1]);
    for n in 0..50 {
        let effects = room.join_as(11 + n, &format!("viewer-{n}"), viewer());
        assert_eq!(counts(&effects), [0; 0]);
    }
    assert_eq!(counts(&room.pass(Duration::from_millis(999))), [0; 0]);
    assert_eq!(counts(&room.pass(Duration::from_millis(1))), [51]);
    assert_eq!(room.pass(Duration::from_secs(60)), []);
    let gone = room.ask(10, 9, Request::Leave);
    assert_eq!((counts(&gone), happened(&gone)), (vec![50], Vec::new()));
}

#[test]
fn moderators_are_told_who_watches_in_batches() {
    let mut room = webinar();
    let first = room.join_as(10, "vic", viewer());
    let shown = |effects: &[Effect]| -> Vec<(usize, usize)> {
        let told = told(effects, 1).into_iter();
        told.filter_map(|message| match message {
            ServerMessage::Viewers {
                reset: false,
                viewers,
                gone,
            } => Some((viewers.len(), gone.len())),
            _ => None,
        })
        .collect()
    };
    assert_eq!(shown(&first), [(1, 0)]);
    for n in 0..100 {
        let effects = room.join_as(11 + n, &format!("viewer-{n}"), viewer());
        assert_eq!(told(&effects, 1), []);
        assert_eq!(told(&effects, 2), [], "others are not told at all");
    }
    room.ask(10, 9, Request::Leave);
    room.ask(11, 9, Request::Leave);
    assert_eq!(shown(&room.pass(Duration::from_millis(250))), [(99, 2)]);
    let boss = told(&room.join_as(500, "boss", moderator()), 500);
    assert!(boss.iter().any(|message| matches!(
        message,
        ServerMessage::Viewers { reset: true, viewers, .. } if viewers.len() == 99
    )));
}

// proves attr.itisparticipant
#[test]
fn viewer_who_is_brought_on_stage_speaks_without_a_new_connection() {
    let mut room = webinar();
    room.join_as(3, "vic", viewer());
    let stage = |on| Moderation::SetStage {
        peer: id("vic"),
        on,
    };
    let effects = room.done(1, stage(true));
    let events = happened(&effects);
    let [RoomEvent::Joined { participant }] = events.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(
        (participant.id.clone(), participant.role),
        (id("vic"), Role::Participant)
    );
    let to = effects.iter().find_map(|effect| match effect {
        Effect::Broadcast { to, .. } => Some(*to),
        _ => None,
    });
    assert_eq!(to, Some(Audience::All), "they are told as well");
    assert_eq!(yous(&effects, 3)[0].granted.role, Role::Participant);
    let effects = room.switch(3, Source::Microphone, true);
    assert!(sources(&effects, "vic").is_some_and(|media| media.microphone));
    assert_eq!(room.snapshot().viewers, 0);
    let effects = room.done(1, stage(false));
    assert_eq!(sources(&effects, "vic"), Some(MediaState::default()));
    assert_eq!(room.snapshot().viewers, 1);
    let refused = room.switch(3, Source::Microphone, true);
    assert_eq!(error_code(&refused, 3), Some(ErrorCode::Forbidden));
}

#[test]
fn loss_of_a_viewer_is_an_event_for_nobody() {
    let mut room = webinar();
    room.join_as(3, "vic", viewer());
    room.pass(Duration::from_secs(5));
    room.detach(3);
    let lost = room.pass(Duration::from_secs(2));
    assert_eq!(happened(&lost), []);
    assert!(told(&lost, 1).iter().any(|message| matches!(
        message,
        ServerMessage::Viewers { viewers, .. } if !viewers[0].connected
    )));
    let effects = room.resume(4, 3, "vic", 2);
    assert!(welcome(&effects).resumed);
    assert_eq!(welcome(&effects).you.participant.role, Role::Viewer);
    let count = ServerMessage::Audience { count: 1 };
    assert!(replies(&effects, 4).contains(&(None, count)));
    room.detach(4);
    let gone = room.pass(Duration::from_secs(31));
    assert_eq!((happened(&gone), counts(&gone)), (Vec::new(), vec![0]));
}

#[test]
fn quality_of_a_viewer_concerns_them_and_the_moderators() {
    let mut room = webinar();
    room.join_as(3, "vic", viewer());
    room.pass(Duration::from_secs(1));
    let changes = vec![Quality {
        peer: id("vic"),
        score: QualityScore::Poor,
    }];
    let quality = ServerMessage::Quality {
        changes: changes.clone(),
    };
    let effects = room.apply(Command::Media(MediaEvent::Quality { changes }));
    assert_eq!(told(&effects, 3), std::slice::from_ref(&quality));
    assert_eq!(told(&effects, 1), std::slice::from_ref(&quality));
    assert_eq!(effects.len(), 2);
    let newcomer = room.join(4, "bob");
    assert!(!told(&newcomer, 4).contains(&quality));
    let boss = room.join_as(5, "boss", moderator());
    assert!(told(&boss, 5).contains(&quality));
    let stage = Moderation::SetStage {
        peer: id("vic"),
        on: true,
    };
    let effects = room.done(1, stage);
    let to_all = Effect::Broadcast {
        to: Audience::All,
        message: quality,
    };
    assert!(effects.contains(&to_all), "it is everybody's then");
}

#[test]
fn viewer_never_speaks() {
    let mut room = webinar();
    room.join_as(3, "vic", viewer());
    let peers = vec![id("vic"), id("ada")];
    let effects = room.apply(Command::Media(MediaEvent::Speakers { peers }));
    let peers = vec![id("ada")];
    assert!(matches!(
        effects.as_slice(),
        [Effect::Broadcast { message: ServerMessage::Speakers { peers: told }, .. }] if *told == peers
    ));
}

/// Neither those who are there nor those who come pay for the crowd.
#[test]
fn two_thousand_viewers_cost_the_next_one_nothing() {
    let mut room = webinar();
    let alone = room.join_as(3, "first", viewer()).len();
    let small = coming_and_going(&mut room);
    for n in 0..2_000 {
        room.join_as(10 + n, &format!("viewer-{n}"), viewer());
    }
    room.pass(Duration::from_secs(2));
    let crowded = room.join_as(5_000, "last", viewer());
    assert_eq!(crowded.len(), alone);
    let snapshot = welcome(&crowded).snapshot.clone().expect("a snapshot");
    assert_eq!(snapshot.participants.len(), 2);
    let large = coming_and_going(&mut room);
    // looking through the seats once would make it some hundred times as long
    assert!(large < small * 8, "{large:?} and not {small:?}");
}

/// How long it takes a viewer to come, get lost, come back and go: the best of
/// many tries, whatever else the machine does.
fn coming_and_going(room: &mut Room) -> Duration {
    let tries = (0..200).map(|n| {
        let (first, second) = (10_000 + n, 20_000 + n);
        let started = Instant::now();
        room.join_as(first, "passer-by", viewer());
        room.detach(first);
        assert!(room.state.deadline().is_some());
        room.resume(second, first, "passer-by", 2);
        room.ask(second, 9, Request::Leave);
        started.elapsed()
    });
    tries.min().expect("many tries")
}
