//! Interpreters, and the languages that can be listened to.

use std::time::Duration;

use protocol::{ErrorCode, Moderation, Role, RoomEvent};
use server::room::{Claims, Effect, Join, Request};

use crate::pure::{Room, both, error_code, happened, id, join, moderator, role, viewer, welcome};

fn interpreter(language: &str) -> Claims {
    Claims {
        language: Some(language.to_owned()),
        interpreters: true,
        ..role(Role::Interpreter)
    }
}

fn languages(effects: &[Effect]) -> Option<Vec<String>> {
    happened(effects).into_iter().find_map(|event| match event {
        RoomEvent::SettingsChanged { settings } => Some(settings.languages),
        _ => None,
    })
}

fn listen(room: &mut Room, session: u64, language: Option<&str>) -> Vec<Effect> {
    let language = language.map(str::to_owned);
    room.ask(session, 9, Request::SetLanguage(language))
}

const NONE: [&str; 0] = [];

// proves attr.featureInterpreters
// proves attr.intLang
#[test]
fn language_comes_with_its_first_interpreter_and_can_be_chosen() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join_as(2, "vic", viewer());
    let refused = listen(&mut room, 1, Some("de"));
    assert_eq!(error_code(&refused, 1), Some(ErrorCode::BadMessage));
    let effects = room.come(Join {
        claims: interpreter("de"),
        media: both(),
        ..join(3, "ida")
    });
    assert_eq!(languages(&effects), Some(vec!["de".to_owned()]));
    let at = |wanted: &Effect| effects.iter().position(|effect| effect == wanted);
    let channel = Effect::SetInterpreter(id("ida"), Some("de".to_owned()));
    let added = at(&Effect::AddMedia(id("ida")));
    let on = effects
        .iter()
        .position(|e| matches!(e, Effect::SetSources(..)));
    assert!(
        added < at(&channel) && at(&channel) < on,
        "never heard by all"
    );
    for (session, peer) in [(1, "ada"), (2, "vic")] {
        let effects = listen(&mut room, session, Some("de"));
        let chosen = Effect::SetLanguage(id(peer), Some("de".to_owned()));
        assert_eq!(effects[0], chosen);
    }
    assert_eq!(listen(&mut room, 1, Some("de")).len(), 1, "it is chosen");
    assert_eq!(languages(&room.join_as(4, "ira", interpreter("de"))), None);
}

// proves attr.featureInterpreters
#[test]
fn without_the_feature_there_are_no_languages() {
    let mut room = Room::new();
    let claims = Claims {
        interpreters: false,
        ..interpreter("de")
    };
    let effects = room.join_as(1, "ida", claims);
    let settings = &welcome(&effects)
        .snapshot
        .as_ref()
        .expect("a snapshot")
        .settings;
    assert_eq!(settings.languages, NONE);
}

// proves attr.intLang
#[test]
fn language_stays_for_thirty_seconds_after_its_last_interpreter() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join_as(2, "ida", interpreter("de"));
    listen(&mut room, 1, Some("de"));
    assert_eq!(languages(&room.ask(2, 9, Request::Leave)), None);
    assert_eq!(room.pass(Duration::from_millis(29_999)), []);
    let effects = room.pass(Duration::from_millis(1));
    assert_eq!(languages(&effects), Some(Vec::new()));
    assert!(effects.contains(&Effect::SetLanguage(id("ada"), None)));
    assert_eq!(room.state.deadline(), None);
}

#[test]
fn interpreter_who_comes_back_in_time_keeps_the_language() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join_as(2, "ida", interpreter("de"));
    room.detach(2);
    room.pass(Duration::from_secs(29));
    room.resume(3, 2, "ida", 0);
    let later = room.pass(Duration::from_secs(60));
    assert_eq!(languages(&later), None);
    // lost for good counts from the loss, not from the end of the seat
    room.detach(3);
    let gone = room.pass(Duration::from_secs(30));
    assert_eq!(languages(&gone), Some(Vec::new()));
}

#[test]
fn interpreter_who_leads_is_heard_by_all_and_not_in_a_channel() {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join_as(2, "ida", interpreter("de"));
    let set = |moderator| Moderation::SetModerator {
        peer: id("ida"),
        moderator,
    };
    let effects = room.done(1, set(true));
    assert!(effects.contains(&Effect::SetInterpreter(id("ida"), None)));
    let effects = room.done(1, set(false));
    let channel = Effect::SetInterpreter(id("ida"), Some("de".to_owned()));
    assert!(effects.contains(&channel));
    assert_eq!(room.state.inspect().settings.languages, ["de"]);
}
