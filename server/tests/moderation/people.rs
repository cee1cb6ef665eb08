//! Removing people, making moderators, ending the meeting.

use std::time::Duration;

use protocol::{Allowed, ErrorCode, Moderation, OffReason, Role, RoomEvent, ServerMessage, Source};
use server::room::{Claims, Effect, Granted, Join, Request, TokenHash};

use crate::pure::{
    Room, both, ended_codes, error_code, happened, id, is_told_to_wait, join, moderator, sources,
    told, viewer, welcome, yous,
};

fn meeting() -> Room {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join(2, "ada");
    room.join(3, "bob");
    room
}

fn remove(peer: &str) -> Moderation {
    Moderation::Remove { peer: id(peer) }
}

fn set_moderator(peer: &str, moderator: bool) -> Moderation {
    let peer = id(peer);
    Moderation::SetModerator { peer, moderator }
}

/// A ticket of this meeting.
fn ticket(role: Role) -> Option<Granted> {
    Some(Granted {
        role,
        meeting: 1_000,
        admitted: true,
        ..Granted::default()
    })
}

fn waits(effects: &[Effect], session: u64) -> bool {
    is_told_to_wait(effects, session)
}

// proves moderator.10
#[test]
fn removed_person_is_gone_and_returns_only_through_the_waiting_room() {
    let mut room = meeting();
    let effects = room.done(1, remove("ada"));
    assert_eq!(ended_codes(&effects, 2), [Some(ErrorCode::Removed)]);
    assert_eq!(happened(&effects), [RoomEvent::Left { peer: id("ada") }]);
    assert!(effects.contains(&Effect::RemoveMedia(id("ada"))));
    // by name, and by the ticket that was theirs
    for (session, granted) in [(4, None), (5, ticket(Role::Moderator))] {
        let effects = room.come(Join {
            granted,
            ..join(session, "ada")
        });
        assert!(waits(&effects, session), "{effects:?}");
    }
    room.pass(Duration::from_secs(1));
    let listed = told(&room.join_as(6, "boss", moderator()), 6);
    let removed_before = listed.iter().any(|message| match message {
        ServerMessage::Lobby { waiting, .. } => waiting[0].removed_before,
        _ => false,
    });
    assert!(removed_before);
    let peer = Some(id("ada"));
    let effects = room.done(1, Moderation::Admit { peer });
    assert_eq!(welcome(&effects).you.participant.role, Role::Participant);
    // whom a moderator let in again comes and goes as before
    room.ask(5, 2, Request::Leave);
    assert!(!waits(&room.join(7, "ada"), 7));
}

#[test]
fn removed_token_opens_the_room_to_nobody_but_those_who_stayed() {
    let token = Some(TokenHash([7; 32]));
    let shared = || Claims {
        token,
        ..Claims::default()
    };
    let mut room = meeting();
    room.join_as(4, "eva", shared());
    room.join_as(5, "ian", shared());
    room.done(1, remove("eva"));
    assert!(waits(&room.join_as(6, "another name", shared()), 6));
    assert!(waits(&room.join_as(7, "ian", shared()), 7), "no ticket");
    let back = room.come(Join {
        claims: shared(),
        granted: ticket(Role::Participant),
        ..join(8, "ian")
    });
    assert!(!waits(&back, 8));
    room.done(1, Moderation::Admit { peer: None });
    assert!(!waits(&room.join_as(9, "one more", shared()), 9));
}

#[test]
fn nobody_removes_themselves_or_is_removed_by_others_than_moderators() {
    let mut room = meeting();
    for (session, peer) in [(1, "mod"), (2, "bob"), (2, "mod")] {
        let effects = room.moderate(session, remove(peer));
        let code = error_code(&effects, session);
        assert_eq!(code, Some(ErrorCode::Forbidden));
    }
}

#[test]
fn new_moderator_has_all_rights_at_once_and_keeps_them_by_ticket() {
    let mut room = meeting();
    room.done(
        1,
        Moderation::Allow {
            source: Source::Camera,
            allowed: false,
            peer: None,
        },
    );
    let effects = room.done(1, set_moderator("ada", true));
    let event = RoomEvent::RoleChanged {
        peer: id("ada"),
        role: Role::Moderator,
        allowed: Allowed::ALL,
        language: None,
    };
    assert_eq!(happened(&effects), [event]);
    let you = &yous(&effects, 2)[0];
    assert_eq!(you.granted, ticket(Role::Moderator).expect("a ticket"));
    let lists = told(&effects, 2);
    assert!(matches!(
        lists.as_slice(),
        [
            ServerMessage::Lobby { reset: true, .. },
            ServerMessage::Viewers { reset: true, .. }
        ]
    ));
    assert_eq!(room.done(1, set_moderator("ada", true)).len(), 1);
    assert_eq!(error_code(&room.switch(2, Source::Camera, true), 2), None);
    let back = room.come(Join {
        granted: Some(you.granted),
        ..join(4, "ada")
    });
    assert_eq!(welcome(&back).you.participant.role, Role::Moderator);
}

#[test]
fn ticket_of_another_meeting_makes_nobody_a_moderator() {
    let mut room = meeting();
    let effects = room.come(Join {
        granted: Some(Granted {
            role: Role::Moderator,
            meeting: 999,
            admitted: true,
            ..Granted::default()
        }),
        ..join(4, "eva")
    });
    assert_eq!(welcome(&effects).you.participant.role, Role::Participant);
}

#[test]
fn who_is_no_moderator_any_more_loses_lists_rights_and_old_tickets() {
    let mut room = meeting();
    let promoted = room.done(1, set_moderator("ada", true));
    let old = yous(&promoted, 2)[0].granted;
    room.done(
        1,
        Moderation::Allow {
            source: Source::Camera,
            allowed: false,
            peer: None,
        },
    );
    room.switch(2, Source::Camera, true);
    let effects = room.done(1, set_moderator("ada", false));
    assert!(sources(&effects, "ada").is_some_and(|media| !media.camera));
    let empty = |message: &ServerMessage| match message {
        ServerMessage::Lobby { reset, waiting, .. } => *reset && waiting.is_empty(),
        ServerMessage::Viewers { reset, viewers, .. } => *reset && viewers.is_empty(),
        _ => false,
    };
    assert_eq!(told(&effects, 2).iter().filter(|m| empty(m)).count(), 2);
    let refused = room.moderate(2, remove("bob"));
    assert_eq!(error_code(&refused, 2), Some(ErrorCode::Forbidden));
    let back = room.come(Join {
        granted: Some(old),
        ..join(4, "ada")
    });
    assert_eq!(welcome(&back).you.participant.role, Role::Participant);
    // who waits now is not shown to them
    room.done(1, Moderation::SetWaitingRoom { on: true });
    room.pass(Duration::from_secs(1));
    assert_eq!(told(&room.join(5, "eva"), 4), []);
}

/// A moderator by a token, who has lost their ticket.
fn by_token(session: u64, peer: &str) -> Join {
    let token = Some(TokenHash([7; 32]));
    Join {
        claims: Claims {
            token,
            ..moderator()
        },
        ..join(session, peer)
    }
}

#[test]
fn demoted_moderator_by_token_does_not_lead_again_by_coming_anew() {
    let role = |effects: &[Effect]| welcome(effects).you.participant.role;
    let mut room = meeting();
    assert_eq!(role(&room.come(by_token(4, "cid"))), Role::Moderator);
    room.done(1, set_moderator("cid", false));
    let again = room.come(by_token(5, "cid"));
    assert_eq!(role(&again), Role::Participant, "under the same id");
    let other = room.come(by_token(6, "dora"));
    assert_eq!(role(&other), Role::Participant, "under another id");
    // nor do they pass a locked door by it
    room.done(1, Moderation::SetLocked { locked: true });
    let shut = room.come(by_token(7, "emil"));
    assert_eq!(error_code(&shut, 7), Some(ErrorCode::RoomLocked));
    room.done(1, Moderation::SetLocked { locked: false });
    // until a moderator makes them one again
    room.done(1, set_moderator("cid", true));
    assert_eq!(role(&room.come(by_token(8, "cid"))), Role::Moderator);
    assert_eq!(role(&room.come(by_token(9, "fay"))), Role::Moderator);
}

#[test]
fn other_moderators_of_a_demoted_token_stay_what_they_are() {
    let mut room = meeting();
    room.come(by_token(4, "cid"));
    let kept = welcome(&room.come(by_token(5, "dora"))).granted;
    room.done(1, set_moderator("cid", false));
    let back = room.come(Join {
        granted: Some(kept),
        ..by_token(6, "dora")
    });
    assert_eq!(welcome(&back).you.participant.role, Role::Moderator);
}

#[test]
fn end_is_the_end_for_all_and_for_those_who_wait() {
    let mut room = meeting();
    room.join_as(4, "vic", viewer());
    room.done(1, Moderation::SetWaitingRoom { on: true });
    room.join(5, "eva");
    let refused = room.moderate(2, Moderation::End);
    assert_eq!(error_code(&refused, 2), Some(ErrorCode::Forbidden));
    let effects = room.done(1, Moderation::End);
    for session in 1..=5 {
        let ended = ended_codes(&effects, session);
        assert_eq!(ended, [Some(ErrorCode::MeetingEnded)], "{session}");
    }
    assert!(room.state.is_over());
    assert_eq!(room.state.deadline(), None);
    // somebody who was on the way in when it ended
    let late = room.join(6, "late");
    assert_eq!(error_code(&late, 6), Some(ErrorCode::MeetingEnded));
    assert_eq!(ended_codes(&late, 6), [None]);
}

#[test]
fn recording_is_the_right_of_some() {
    let mut room = meeting();
    let may_record = Claims {
        may_record: true,
        ..moderator()
    };
    let effects = room.join_as(4, "rec", may_record);
    assert!(welcome(&effects).you.may_record);
    let record = Moderation::SetRecording { on: true };
    for session in [1, 2] {
        let effects = room.moderate(session, record.clone());
        assert_eq!(error_code(&effects, session), Some(ErrorCode::Forbidden));
    }
    let effects = room.moderate(4, record);
    assert!(matches!(effects[..], [Effect::Record { on: true, .. }]));
}

#[test]
fn name_that_was_given_is_not_changed() {
    let mut room = meeting();
    let claims = Claims {
        may_rename: false,
        ..Claims::default()
    };
    room.join_as(4, "eva", claims);
    let effects = room.ask(4, 9, Request::SetDisplayName("Eve".into()));
    assert_eq!(error_code(&effects, 4), Some(ErrorCode::Forbidden));
    assert_eq!(happened(&effects), []);
}

// proves attr.itisparticipant
#[test]
fn stage_is_left_and_entered_without_a_new_connection() {
    let mut room = meeting();
    room.come(Join {
        media: both(),
        ..join(4, "eva")
    });
    let off = Moderation::SetStage {
        peer: id("eva"),
        on: false,
    };
    let effects = room.done(1, off.clone());
    assert_eq!(sources(&effects, "eva"), Some(Default::default()));
    assert_eq!(happened(&effects), [RoomEvent::Left { peer: id("eva") }]);
    let notice = ServerMessage::TurnedOff {
        sources: vec![Source::Microphone, Source::Camera],
        reason: OffReason::OffStage,
        by: Some(id("mod")),
    };
    assert_eq!(told(&effects, 4), [notice]);
    let you = &yous(&effects, 4)[0];
    assert_eq!(you.you.participant.role, Role::Viewer);
    assert!(!you.you.may_chat);
    assert_eq!(room.done(1, off).len(), 1);
    let on = Moderation::SetStage {
        peer: id("eva"),
        on: true,
    };
    let effects = room.done(1, on);
    assert_eq!(yous(&effects, 4)[0].you.participant.role, Role::Participant);
    let media = |e: &Effect| matches!(e, Effect::AddMedia(_) | Effect::RemoveMedia(_));
    assert!(!effects.iter().any(media));
    let own = Moderation::SetStage {
        peer: id("mod"),
        on: false,
    };
    assert_eq!(
        error_code(&room.moderate(1, own), 1),
        Some(ErrorCode::Forbidden)
    );
}
