//! The people of the room, as events change them.

use client::{Intent, model::NoticeKind};
use protocol::{ClientMessage, MediaState, Quality, QualityScore, RoomEvent, ServerMessage};

use crate::stage::{ME, Stage, joined, peer};

#[test]
fn those_who_come_and_go_are_announced() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.event(12, RoomEvent::Left { peer: peer("ada") });
    let names = [
        NoticeKind::Joined(peer("ada"), "ada".into()),
        NoticeKind::Left(peer("ada"), "ada".into()),
    ];
    assert_eq!(stage.notices(), names);
    assert_eq!(stage.model().room.participants.len(), 1);
}

#[test]
fn a_seen_notice_is_gone() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    let id = stage.model().notices[0].id;
    stage.intent(Intent::DismissNotice(id));
    assert_eq!(stage.notices(), []);
}

#[test]
fn unseen_notices_do_not_pile_up() {
    let mut stage = Stage::joined();
    for n in 0..100 {
        stage.event(11 + 2 * n, joined(&format!("p{n}")));
        let peer = peer(&format!("p{n}"));
        stage.event(12 + 2 * n, RoomEvent::Left { peer });
    }
    assert_eq!(stage.notices().len(), 20);
    assert!(matches!(&stage.notices()[19], NoticeKind::Left(id, _) if *id == peer("p99")));
}

#[test]
fn in_a_large_room_nobody_is_announced() {
    let mut stage = Stage::joined();
    for n in 0..30 {
        stage.event(11 + n, joined(&format!("p{n}")));
    }
    assert!(matches!(&stage.notices()[18], NoticeKind::Joined(id, _) if *id == peer("p18")));
    assert_eq!(stage.notices().len(), 19, "with oneself it was twenty");
    stage.event(41, RoomEvent::Left { peer: peer("p7") });
    assert_eq!(stage.notices().len(), 19);
}

#[test]
fn a_share_of_somebody_else_is_announced() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    let sharing = |who| RoomEvent::MediaChanged {
        peer: peer(who),
        media: MediaState {
            screen: true,
            ..MediaState::default()
        },
    };
    stage.event(12, sharing("ada"));
    stage.event(13, sharing(ME));
    let started = NoticeKind::ShareStarted(peer("ada"), "ada".into());
    assert_eq!(stage.notices()[1..], [started]);
}

#[test]
fn names_and_connections_change() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.event(
        12,
        RoomEvent::Renamed {
            peer: peer("ada"),
            display_name: "Ada Lovelace".into(),
        },
    );
    stage.event(
        13,
        RoomEvent::ConnectedChanged {
            peer: peer("ada"),
            connected: false,
        },
    );
    let ada = &stage.model().room.participants[1];
    assert_eq!(ada.display_name.as_str(), "Ada Lovelace");
    assert!(!ada.connected);
}

#[test]
fn a_name_is_not_told_letter_by_letter() {
    let mut stage = Stage::joined();
    for name in ["A", "Ad", "Ada"] {
        stage.intent(Intent::SetDisplayName(name.to_owned()));
    }
    stage.pass_ms(1_100);
    let told = |name: &str| ClientMessage::SetDisplayName {
        display_name: name.into(),
    };
    assert_eq!(stage.take_sent(), [told("A"), told("Ada")]);
}

#[test]
fn events_about_unknown_people_change_nothing() {
    let mut stage = Stage::joined();
    let before = stage.model().clone();
    stage.event(11, RoomEvent::Left { peer: peer("x") });
    stage.event(
        12,
        RoomEvent::ConnectedChanged {
            peer: peer("x"),
            connected: false,
        },
    );
    assert_eq!(*stage.model(), before);
}

#[test]
fn who_speaks_and_whose_connection_is_bad_goes_with_them() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.hear(
        None,
        ServerMessage::Speakers {
            peers: vec![peer("ada")],
        },
    );
    let quality = |score| ServerMessage::Quality {
        changes: vec![Quality {
            peer: peer("ada"),
            score,
        }],
    };
    stage.hear(None, quality(QualityScore::Poor));
    assert_eq!(
        stage.model().room.quality,
        [(peer("ada"), QualityScore::Poor)]
    );
    stage.hear(None, quality(QualityScore::Good));
    assert_eq!(stage.model().room.quality, []);
    stage.hear(None, quality(QualityScore::Lost));
    stage.event(12, RoomEvent::Left { peer: peer("ada") });
    assert!(stage.model().room.speakers.is_empty() && stage.model().room.quality.is_empty());
}
