//! Cameras, microphones and screens of others.

use protocol::{
    Allowed, ErrorCode, MediaState, Moderation, OffReason, Role, RoomEvent, ServerMessage, Source,
};
use server::room::{Claims, Join};

use crate::pure::{
    Room, both, ended_codes, error_code, happened, id, join, moderator, role, sources, told,
    viewer, welcome, yous,
};

/// A moderator and two participants who have camera and microphone on.
fn meeting() -> Room {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    for (session, peer) in [(2, "ada"), (3, "bob")] {
        room.come(Join {
            media: both(),
            ..join(session, peer)
        });
    }
    room
}

fn allow(source: Source, allowed: bool, peer: Option<&str>) -> Moderation {
    Moderation::Allow {
        source,
        allowed,
        peer: peer.map(id),
    }
}

fn off(sources: &[Source], reason: OffReason, by: &str) -> ServerMessage {
    ServerMessage::TurnedOff {
        sources: sources.to_vec(),
        reason,
        by: Some(id(by)),
    }
}

const MICROPHONE_ONLY: MediaState = MediaState {
    microphone: true,
    camera: false,
    screen: false,
    screen_audio: false,
};

#[test]
fn what_is_on_at_the_start_is_what_the_media_plane_forwards() {
    let mut room = Room::new();
    let effects = room.come(Join {
        media: both(),
        ..join(1, "ada")
    });
    assert_eq!(sources(&effects, "ada"), Some(both()));
    assert_eq!(welcome(&effects).you.participant.media, both());
    let effects = room.switch(1, Source::Camera, false);
    assert_eq!(sources(&effects, "ada"), Some(MICROPHONE_ONLY));
    let effects = room.switch(1, Source::Camera, false);
    assert_eq!(sources(&effects, "ada"), None);
}

// proves moderator.5
#[test]
fn forbidden_camera_goes_off_and_cannot_be_switched_on() {
    let mut room = meeting();
    let effects = room.done(1, allow(Source::Camera, false, Some("ada")));
    assert_eq!(sources(&effects, "ada"), Some(MICROPHONE_ONLY));
    assert_eq!(sources(&effects, "bob"), None);
    let allowed = Allowed::ALL.with(Source::Camera, false);
    assert_eq!(
        happened(&effects),
        [
            RoomEvent::RoleChanged {
                peer: id("ada"),
                role: Role::Participant,
                allowed,
                language: None,
            },
            RoomEvent::MediaChanged {
                peer: id("ada"),
                media: MICROPHONE_ONLY
            },
        ]
    );
    let notice = off(&[Source::Camera], OffReason::Forbidden, "mod");
    assert_eq!(told(&effects, 2), [notice]);
    assert_eq!(yous(&effects, 2)[0].you.participant.allowed, allowed);

    let refused = room.switch(2, Source::Camera, true);
    assert_eq!(error_code(&refused, 2), Some(ErrorCode::Forbidden));
    assert_eq!(sources(&refused, "ada"), None);
    room.done(1, allow(Source::Camera, true, Some("ada")));
    let effects = room.switch(2, Source::Camera, true);
    assert_eq!(sources(&effects, "ada"), Some(both()));
}

// proves moderator.5
#[test]
fn microphones_of_all_are_forbidden_but_not_those_of_moderators() {
    let mut room = meeting();
    room.switch(1, Source::Microphone, true);
    let effects = room.done(1, allow(Source::Microphone, false, None));
    for peer in ["ada", "bob"] {
        let camera = both().with(Source::Microphone, false);
        assert_eq!(sources(&effects, peer), Some(camera));
    }
    assert_eq!(sources(&effects, "mod"), None);
    let events = happened(&effects);
    assert!(matches!(
        &events[0],
        RoomEvent::SettingsChanged { settings } if !settings.allowed.microphone
    ));
    let told_of_roles = |e: &RoomEvent| matches!(e, RoomEvent::RoleChanged { .. });
    assert!(!events.iter().any(told_of_roles), "they work it out");

    let newcomer = room.come(Join {
        media: both(),
        ..join(4, "eva")
    });
    let you = &welcome(&newcomer).you.participant;
    assert!(you.media.camera && !you.media.microphone && !you.allowed.microphone);
    let notice = ServerMessage::TurnedOff {
        sources: vec![Source::Microphone],
        reason: OffReason::Forbidden,
        by: None,
    };
    assert!(told(&newcomer, 4).contains(&notice));
    assert_eq!(
        error_code(&room.switch(1, Source::Microphone, true), 1),
        None
    );
}

#[test]
fn word_for_all_voids_the_words_for_single_persons() {
    let mut room = meeting();
    room.done(1, allow(Source::Camera, false, Some("ada")));
    // the room allowed it all along, so that others cannot work it out
    let effects = room.done(1, allow(Source::Camera, true, None));
    let allowed = Allowed::ALL;
    let event = RoomEvent::RoleChanged {
        peer: id("ada"),
        role: Role::Participant,
        allowed,
        language: None,
    };
    assert_eq!(happened(&effects), [event]);
    assert_eq!(room.done(1, allow(Source::Camera, true, None)).len(), 1);
}

#[test]
fn what_is_forbidden_stays_so_when_somebody_comes_in_again() {
    let mut room = meeting();
    room.done(1, allow(Source::Microphone, false, Some("ada")));
    let effects = room.come(Join {
        media: both(),
        ..join(5, "ada")
    });
    assert!(!welcome(&effects).you.participant.media.microphone);
    room.done(1, allow(Source::Microphone, true, None));
    let effects = room.switch(5, Source::Microphone, true);
    assert_eq!(error_code(&effects, 5), None);
}

// proves moderator.7
#[test]
fn forbidden_screen_goes_off_with_its_sound() {
    let mut room = meeting();
    room.switch(2, Source::Screen, true);
    room.switch(2, Source::ScreenAudio, true);
    let effects = room.done(1, allow(Source::Screen, false, None));
    assert_eq!(sources(&effects, "ada"), Some(both()));
    let both = [Source::Screen, Source::ScreenAudio];
    assert_eq!(told(&effects, 2), [off(&both, OffReason::Forbidden, "mod")]);
    for source in both {
        let refused = room.switch(3, source, true);
        assert_eq!(error_code(&refused, 3), Some(ErrorCode::Forbidden));
    }
    room.done(1, allow(Source::Screen, true, Some("bob")));
    assert_eq!(error_code(&room.switch(3, Source::Screen, true), 3), None);
}

#[test]
fn what_is_turned_off_may_be_switched_on_again() {
    let mut room = meeting();
    let turn_off = |peer: Option<&str>| Moderation::TurnOff {
        source: Source::Microphone,
        peer: peer.map(id),
    };
    let effects = room.done(1, turn_off(None));
    for (session, peer) in [(2, "ada"), (3, "bob")] {
        let notice = off(&[Source::Microphone], OffReason::Moderator, "mod");
        assert_eq!(told(&effects, session), [notice]);
        assert!(sources(&effects, peer).is_some_and(|media| !media.microphone));
    }
    assert_eq!(room.done(1, turn_off(None)).len(), 1, "they are off");
    assert_eq!(
        error_code(&room.switch(2, Source::Microphone, true), 2),
        None
    );
    let effects = room.done(1, turn_off(Some("ada")));
    assert!(sources(&effects, "ada").is_some());
}

#[test]
fn moderator_is_turned_off_by_name_only() {
    let mut room = meeting();
    room.join_as(4, "boss", moderator());
    room.switch(4, Source::Microphone, true);
    let turn_off = |peer| Moderation::TurnOff {
        source: Source::Microphone,
        peer,
    };
    let effects = room.done(1, turn_off(None));
    assert_eq!(sources(&effects, "boss"), None);
    let effects = room.done(1, turn_off(Some(id("boss"))));
    assert_eq!(sources(&effects, "boss"), Some(MediaState::default()));
    let effects = room.moderate(1, allow(Source::Microphone, false, Some("boss")));
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::Forbidden));
}

// proves moderator.6
#[test]
fn who_is_asked_switches_on_by_themselves() {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join(2, "ada");
    room.done(1, allow(Source::Microphone, false, None));
    let ask = Moderation::Ask {
        source: Source::Microphone,
        peer: id("ada"),
    };
    let effects = room.done(1, ask.clone());
    let asked = ServerMessage::Asked {
        source: Source::Microphone,
        by: Some(id("mod")),
    };
    assert_eq!(told(&effects, 2), [asked]);
    assert_eq!(sources(&effects, "ada"), None, "nobody else switches it on");
    let allowed = RoomEvent::RoleChanged {
        peer: id("ada"),
        role: Role::Participant,
        allowed: Allowed::ALL,
        language: None,
    };
    assert_eq!(happened(&effects), [allowed]);
    let effects = room.switch(2, Source::Microphone, true);
    assert_eq!(error_code(&effects, 2), None);
    assert_eq!(told(&room.done(1, ask), 2), [], "it is on");
}

// proves moderator.8
#[test]
fn who_is_asked_to_share_is_allowed_to() {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join(2, "ada");
    room.done(1, allow(Source::Screen, false, None));
    let source = Source::Screen;
    let peer = id("ada");
    let effects = room.done(1, Moderation::Ask { source, peer });
    let by = id("mod");
    assert_eq!(
        told(&effects, 2),
        [ServerMessage::Asked {
            source,
            by: Some(by)
        }]
    );
    assert_eq!(error_code(&room.switch(2, Source::Screen, true), 2), None);
}

#[test]
fn viewer_is_not_asked_and_has_nothing_to_be_allowed() {
    let mut room = meeting();
    room.join_as(4, "vic", viewer());
    for moderation in [
        Moderation::Ask {
            source: Source::Camera,
            peer: id("vic"),
        },
        allow(Source::Camera, true, Some("vic")),
    ] {
        let effects = room.moderate(1, moderation);
        assert_eq!(error_code(&effects, 1), Some(ErrorCode::Forbidden));
    }
}

#[test]
fn interpreter_has_a_microphone_and_nothing_else() {
    let mut room = meeting();
    let effects = room.come(Join {
        media: both(),
        claims: role(Role::Interpreter),
        ..join(4, "ida")
    });
    let you = &welcome(&effects).you.participant;
    assert_eq!(you.media, MICROPHONE_ONLY);
    assert_eq!(sources(&effects, "ida"), Some(MICROPHONE_ONLY));
    for source in [Source::Camera, Source::Screen, Source::ScreenAudio] {
        let refused = room.switch(4, source, true);
        assert_eq!(error_code(&refused, 4), Some(ErrorCode::Forbidden));
    }
    // others would think that an interpreter may as well
    room.done(1, allow(Source::Camera, false, None));
    let effects = room.done(1, allow(Source::Camera, true, None));
    let allowed = Allowed::NONE.with(Source::Microphone, true);
    let correction = RoomEvent::RoleChanged {
        peer: id("ida"),
        role: Role::Interpreter,
        allowed,
        language: None,
    };
    assert_eq!(happened(&effects).last(), Some(&correction));
}

#[test]
fn somebody_unknown_is_named_as_such() {
    let mut room = meeting();
    let peer = || id("nobody");
    let source = Source::Camera;
    for moderation in [
        allow(source, false, Some("nobody")),
        Moderation::TurnOff {
            source,
            peer: Some(peer()),
        },
        Moderation::Ask {
            source,
            peer: peer(),
        },
        Moderation::LowerHand { peer: Some(peer()) },
        Moderation::Remove { peer: peer() },
        Moderation::SetModerator {
            peer: peer(),
            moderator: true,
        },
        Moderation::SetStage {
            peer: peer(),
            on: true,
        },
        Moderation::Admit { peer: Some(peer()) },
        Moderation::Reject { peer: Some(peer()) },
    ] {
        let effects = room.moderate(1, moderation);
        let code = error_code(&effects, 1);
        assert_eq!(code, Some(ErrorCode::NoSuchParticipant));
        assert_eq!(effects.len(), 1);
        // and nobody but a moderator learns even that
        let effects = room.moderate(2, Moderation::Remove { peer: peer() });
        assert_eq!(error_code(&effects, 2), Some(ErrorCode::Forbidden));
    }
}

// proves attr.disableChat
#[test]
fn who_may_not_chat_is_refused() {
    let mut room = Room::new();
    let claims = Claims {
        may_chat: false,
        ..Claims::default()
    };
    let effects = room.join_as(1, "ada", claims);
    assert!(!welcome(&effects).you.may_chat);
    let effects = room.say(1, 2, "hello");
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::Forbidden));
    assert_eq!(effects.len(), 1, "nothing is stored");
    assert_eq!(ended_codes(&effects, 1), []);
}
