//! Before the stage, as moderators see it: who waits, who watches.

use client::{Intent, model::NoticeKind};
use protocol::{
    ClientMessage, ErrorCode, Moderation, Participant, Role, RoomEvent, ServerMessage, Waiting,
    Welcome, You,
};

use crate::stage::{ME, Stage, participant, peer};

fn as_moderator(welcome: &mut Welcome) {
    welcome.you.participant.role = Role::Moderator;
    if let Some(snapshot) = &mut welcome.snapshot {
        snapshot.participants[0].role = Role::Moderator;
    }
}

fn moderator() -> Stage {
    Stage::joined_as(as_moderator)
}

fn waits(id: &str, since: u64) -> Waiting {
    Waiting {
        id: peer(id),
        display_name: id.into(),
        since,
        removed_before: false,
    }
}

fn lobby(reset: bool, waiting: Vec<Waiting>, gone: &[&str]) -> ServerMessage {
    ServerMessage::Lobby {
        reset,
        waiting,
        gone: gone.iter().map(|id| peer(id)).collect(),
    }
}

fn viewers(reset: bool, viewers: Vec<Participant>, gone: &[&str]) -> ServerMessage {
    ServerMessage::Viewers {
        reset,
        viewers,
        gone: gone.iter().map(|id| peer(id)).collect(),
    }
}

fn viewer(id: &str, hand: Option<u64>) -> Participant {
    Participant {
        role: Role::Viewer,
        hand_raised_at: hand,
        ..participant(id)
    }
}

fn waiting_ids(stage: &Stage) -> Vec<&str> {
    let waiting = stage.model().room.waiting.iter();
    waiting.map(|one| one.id.as_str()).collect()
}

fn you(role: Role) -> ServerMessage {
    ServerMessage::You {
        you: Box::new(You {
            participant: Participant {
                role,
                ..participant(ME)
            },
            may_chat: true,
            may_raise_hand: true,
            may_record: false,
            no_recording: None,
            token_ends_at: None,
        }),
        ticket: "new ticket".to_owned(),
    }
}

#[test]
fn who_waits_is_listed_by_time_and_announced_when_new() {
    let mut stage = moderator();
    let before = vec![waits("late", 30), waits("first", 10)];
    stage.hear(None, lobby(true, before, &[]));
    assert_eq!(waiting_ids(&stage), ["first", "late"]);
    assert_eq!(stage.notices(), [], "they were there before");
    stage.hear(None, lobby(false, vec![waits("between", 20)], &["late"]));
    assert_eq!(waiting_ids(&stage), ["first", "between"]);
    let news = NoticeKind::Waits(peer("between"), "between".into());
    assert_eq!(stage.notices(), [news]);
}

#[test]
fn a_list_that_is_told_anew_replaces_the_one_before() {
    let mut stage = moderator();
    stage.hear(None, lobby(true, vec![waits("a", 1), waits("b", 2)], &[]));
    stage.hear(None, lobby(true, vec![waits("b", 2), waits("c", 3)], &[]));
    assert_eq!(waiting_ids(&stage), ["b", "c"]);
    let news = NoticeKind::Waits(peer("c"), "c".into());
    assert_eq!(stage.notices(), [news]);
}

#[test]
fn a_viewers_hand_is_announced_once() {
    let mut stage = moderator();
    let before = vec![viewer("a", None), viewer("b", Some(1))];
    stage.hear(None, viewers(true, before, &[]));
    assert_eq!(stage.notices(), [], "it was raised before");
    for _ in 0..2 {
        let raised = vec![viewer("a", Some(5))];
        stage.hear(None, viewers(false, raised, &[]));
    }
    let news = NoticeKind::HandRaised(peer("a"), "a".into());
    assert_eq!(stage.notices(), [news]);
    stage.hear(None, viewers(false, Vec::new(), &["a"]));
    assert_eq!(stage.model().room.viewers, [viewer("b", Some(1))]);
}

#[test]
fn a_hand_on_stage_is_announced_to_moderators_only() {
    let raise = |who| RoomEvent::HandChanged {
        peer: peer(who),
        raised_at: Some(7),
    };
    let mut stage = moderator();
    stage.event(11, crate::stage::joined("ada"));
    stage.event(12, raise("ada"));
    stage.event(13, raise(ME));
    let news = NoticeKind::HandRaised(peer("ada"), "ada".into());
    assert_eq!(stage.notices()[1..], [news]);
    assert_eq!(stage.model().room.participants[1].hand_raised_at, Some(7));
    let mut stage = Stage::joined();
    stage.event(11, crate::stage::joined("ada"));
    stage.event(12, raise("ada"));
    assert_eq!(stage.notices().len(), 1, "the arrival alone");
}

#[test]
fn who_is_no_moderator_any_more_sees_nobody_waiting() {
    let mut stage = moderator();
    stage.hear(None, lobby(true, vec![waits("a", 1)], &[]));
    stage.hear(None, viewers(true, vec![viewer("v", None)], &[]));
    stage.hear(None, you(Role::Participant));
    assert!(stage.model().room.waiting.is_empty() && stage.model().room.viewers.is_empty());
    let changed = NoticeKind::RoleChanged(Role::Participant);
    assert_eq!(stage.notices(), [changed]);
}

#[test]
fn who_leads_again_is_not_told_of_those_who_waited_before() {
    let mut stage = moderator();
    stage.hear(None, lobby(true, vec![waits("a", 1)], &[]));
    stage.hear(None, you(Role::Participant));
    stage.hear(None, lobby(true, Vec::new(), &[]));
    stage.hear(None, you(Role::Moderator));
    stage.hear(None, lobby(true, vec![waits("b", 2)], &[]));
    let changed = [Role::Participant, Role::Moderator].map(NoticeKind::RoleChanged);
    assert_eq!(stage.notices(), changed);
    assert_eq!(waiting_ids(&stage), ["b"]);
}

#[test]
fn everybody_is_told_how_many_watch() {
    let mut stage = Stage::joined_as(|welcome| {
        let snapshot = welcome.snapshot.as_mut().expect("a first welcome");
        snapshot.viewers = 12;
    });
    assert_eq!(stage.model().room.audience, 12);
    stage.hear(None, ServerMessage::Audience { count: 13 });
    assert_eq!(stage.model().room.audience, 13);
}

#[test]
fn what_a_moderator_does_is_sent_and_a_refusal_is_told() {
    let mut stage = moderator();
    let locked = Moderation::SetLocked { locked: true };
    stage.intent(Intent::Moderate(locked.clone()));
    let frame = stage.take_frames().remove(0);
    assert_eq!(frame.message, ClientMessage::Moderate(locked));
    stage.refuse(frame.id, ErrorCode::NoSuchParticipant);
    let refused = NoticeKind::Refused(ErrorCode::NoSuchParticipant);
    assert_eq!(stage.notices(), [refused]);
}

#[test]
fn what_a_moderator_does_while_the_connection_is_lost_is_sent_when_it_is_back() {
    let mut stage = moderator();
    stage.lose_socket();
    let end = Moderation::Remove { peer: peer("ada") };
    stage.intent(Intent::Moderate(end.clone()));
    assert_eq!(stage.take_sent(), []);
    stage.pass_ms(0);
    stage.open_socket();
    stage.resumed_as(as_moderator);
    let sent = stage.take_sent();
    assert!(sent.contains(&ClientMessage::Moderate(end)), "{sent:?}");
}

#[test]
fn letting_all_in_is_not_said_twice() {
    let mut stage = moderator();
    stage.intent(Intent::Moderate(Moderation::Admit { peer: None }));
    stage.intent(Intent::Moderate(Moderation::Admit {
        peer: Some(peer("ada")),
    }));
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.resumed_as(as_moderator);
    let again = stage.take_sent().into_iter();
    let again: Vec<ClientMessage> = again
        .filter(|message| matches!(message, ClientMessage::Moderate(_)))
        .collect();
    let one = Moderation::Admit {
        peer: Some(peer("ada")),
    };
    assert_eq!(again, [ClientMessage::Moderate(one)]);
}

#[test]
fn a_new_ticket_takes_the_place_of_the_old_one() {
    let mut stage = Stage::joined();
    stage.hear(None, you(Role::Moderator));
    let changed = NoticeKind::RoleChanged(Role::Moderator);
    assert_eq!(stage.notices(), [changed]);
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    let sent = stage.take_sent();
    assert!(matches!(&sent[0], ClientMessage::Resume(r) if r.ticket == "new ticket"));
}
