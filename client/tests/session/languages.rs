//! Interpretation: what is listened to, and how loud.

use client::{Intent, model::NoticeKind};
use protocol::{
    ClientMessage, ErrorCode, Participant, Role, RoomEvent, RoomSettings, ServerMessage,
    SlotAssignment, Source, TrackRef, Welcome,
};

use crate::stage::{Stage, participant, peer};

fn languages(of: &[&str]) -> RoomSettings {
    RoomSettings {
        languages: of.iter().map(|tag| (*tag).to_owned()).collect(),
        ..RoomSettings::default()
    }
}

fn interpreter(id: &str, language: &str) -> Participant {
    Participant {
        role: Role::Interpreter,
        language: Some(language.to_owned()),
        ..participant(id)
    }
}

fn with_interpreters(welcome: &mut Welcome) {
    let snapshot = welcome.snapshot.as_mut().expect("a first welcome");
    snapshot.settings = languages(&["de", "fr"]);
    snapshot.participants.push(participant("speaker"));
    snapshot.participants.push(interpreter("german", "de"));
    snapshot.participants.push(interpreter("french", "fr"));
}

fn carry(stage: &mut Stage, slot: &str, of: &str) {
    let track = Some(TrackRef {
        peer: peer(of),
        source: Source::Microphone,
    });
    let slots = vec![SlotAssignment {
        slot: slot.to_owned(),
        track,
    }];
    stage.hear(None, ServerMessage::SlotAssigned { slots });
}

/// Slot 1 carries the speaker, 2 the German and 3 the French interpreter.
fn interpreted() -> Stage {
    let mut stage = Stage::joined_as(with_interpreters);
    carry(&mut stage, "1", "speaker");
    carry(&mut stage, "2", "german");
    carry(&mut stage, "3", "french");
    stage
}

fn volumes(stage: &Stage) -> [u8; 3] {
    ["1", "2", "3"].map(|slot| stage.session.volume(slot))
}

fn listen(stage: &mut Stage, language: Option<&str>) {
    stage.intent(Intent::SetLanguage(language.map(str::to_owned)));
}

fn told(language: Option<&str>) -> ClientMessage {
    ClientMessage::SetLanguage {
        language: language.map(str::to_owned),
    }
}

#[test]
fn the_original_lies_low_under_its_translation() {
    let mut stage = interpreted();
    assert_eq!(volumes(&stage), [100, 0, 0], "the original alone");
    listen(&mut stage, Some("de"));
    assert_eq!(stage.take_sent(), [told(Some("de"))]);
    assert_eq!(stage.model().room.language.as_deref(), Some("de"));
    assert_eq!(volumes(&stage), [20, 100, 0]);
    assert_eq!(stage.session.volume("9"), 20, "whoever that will be");
    stage.intent(Intent::MuteOriginal(true));
    assert_eq!(volumes(&stage), [0, 100, 0]);
    assert!(stage.model().room.original_muted);
    listen(&mut stage, None);
    assert_eq!(
        volumes(&stage),
        [100, 0, 0],
        "there is nothing else to hear"
    );
    assert_eq!(stage.take_sent(), [told(None)]);
    assert_eq!(stage.session.volume("9"), 100);
}

#[test]
fn a_language_that_ended_gives_way_to_the_original_for_good() {
    let mut stage = interpreted();
    listen(&mut stage, Some("de"));
    stage.take_effects();
    let changed = |settings| RoomEvent::SettingsChanged { settings };
    stage.event(11, changed(languages(&["fr"])));
    assert_eq!(stage.model().room.language, None);
    assert_eq!(stage.take_sent(), [told(None)]);
    stage.event(12, changed(languages(&["fr", "de"])));
    assert_eq!(stage.model().room.language, None);
}

#[test]
fn the_language_is_kept_over_a_lost_socket_and_a_restart() {
    let mut stage = interpreted();
    listen(&mut stage, Some("de"));
    stage.take_effects();
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.resumed();
    let told_again = told(Some("de"));
    assert!(stage.take_sent().contains(&told_again), "nobody answered");
    stage.lose_socket();
    stage.pass_ms(500);
    stage.open_socket();
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    // the interpreters come back later
    stage.welcome();
    assert_eq!(stage.model().room.language, None);
    assert!(!stage.take_sent().contains(&told(None)));
    let settings = languages(&["de"]);
    stage.event(11, RoomEvent::SettingsChanged { settings });
    assert_eq!(stage.model().room.language.as_deref(), Some("de"));
    assert!(stage.take_sent().contains(&told_again));
}

#[test]
fn a_language_that_was_told_is_not_repeated_after_a_short_outage() {
    let mut stage = interpreted();
    listen(&mut stage, Some("de"));
    let frame = stage.take_frames().remove(0);
    stage.hear(Some(frame.id), ServerMessage::Ok);
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.resumed();
    assert!(!stage.take_sent().contains(&told(Some("de"))));
}

#[test]
fn a_language_that_is_refused_gives_way_to_the_original() {
    let mut stage = interpreted();
    listen(&mut stage, Some("de"));
    let frame = stage.take_frames().remove(0);
    stage.refuse(frame.id, ErrorCode::Forbidden);
    assert_eq!(stage.model().room.language, None);
    let refused = NoticeKind::Refused(ErrorCode::Forbidden);
    assert_eq!(stage.notices(), [refused]);
    let frame = stage.take_frames().remove(0);
    assert_eq!(frame.message, told(None));
    stage.refuse(frame.id, ErrorCode::Forbidden);
    assert_eq!(stage.take_sent(), [], "and that is not repeated");
}
