//! Most broadcasters, most people with a tile, and the player for all.

use protocol::{ErrorCode, Moderation, OffReason, RoomEvent, RoomSettings, ServerMessage, Source};
use server::room::{Claims, Effect, Join, Request};

use crate::pure::{
    Room, both, ended_codes, error_code, happened, id, join, moderator, sources, told, viewer,
    welcome,
};

fn limits(max_broadcasters: u32, max_watchers: u32) -> Claims {
    Claims {
        max_broadcasters,
        max_watchers,
        ..Claims::default()
    }
}

/// The settings as everybody was last told.
fn settings(effects: &[Effect]) -> Option<RoomSettings> {
    let told = happened(effects).into_iter().rev();
    told.filter_map(|event| match event {
        RoomEvent::SettingsChanged { settings } => Some(settings),
        _ => None,
    })
    .next()
}

// proves attr.maxBroadcasters
#[test]
fn one_broadcaster_too_many_is_refused() {
    let mut room = Room::new();
    room.join_as(1, "ada", limits(2, 0));
    room.join(2, "bob");
    room.join(3, "eva");
    room.switch(1, Source::Camera, true);
    room.switch(2, Source::Microphone, true);
    let refused = room.switch(3, Source::Microphone, true);
    assert_eq!(error_code(&refused, 3), Some(ErrorCode::BroadcasterLimit));
    assert_eq!(sources(&refused, "eva"), None);
    // who counts already may use the other as well; a screen does not count
    assert_eq!(
        error_code(&room.switch(1, Source::Microphone, true), 1),
        None
    );
    assert_eq!(error_code(&room.switch(3, Source::Screen, true), 3), None);
    room.switch(2, Source::Microphone, false);
    assert_eq!(
        error_code(&room.switch(3, Source::Microphone, true), 3),
        None
    );
}

// proves attr.maxBroadcasters
#[test]
fn newcomer_who_is_too_many_comes_in_with_all_off_and_is_told_why() {
    let mut room = Room::new();
    room.come(Join {
        claims: limits(1, 0),
        media: both(),
        ..join(1, "ada")
    });
    let effects = room.come(Join {
        media: both().with(Source::Screen, true),
        ..join(2, "bob")
    });
    let media = welcome(&effects).you.participant.media;
    assert!(media.screen && !media.camera && !media.microphone);
    assert_eq!(sources(&effects, "bob"), Some(media));
    let notice = ServerMessage::TurnedOff {
        sources: vec![Source::Microphone, Source::Camera],
        reason: OffReason::BroadcasterLimit,
        by: None,
    };
    assert!(told(&effects, 2).contains(&notice));
    let order = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted);
    let welcomed = order(|e| matches!(e, Effect::Welcome(_)));
    let told = order(|e| {
        let Effect::Send { message, .. } = e else {
            return false;
        };
        matches!(message, ServerMessage::TurnedOff { .. })
    });
    assert!(welcomed < told);
}

#[test]
fn moderators_count_and_are_never_too_many() {
    let mut room = Room::new();
    room.join_as(1, "ada", limits(1, 0));
    room.join_as(2, "mod", moderator());
    room.switch(1, Source::Camera, true);
    assert_eq!(error_code(&room.switch(2, Source::Camera, true), 2), None);
    room.switch(1, Source::Camera, false);
    let refused = room.switch(1, Source::Camera, true);
    assert_eq!(error_code(&refused, 1), Some(ErrorCode::BroadcasterLimit));
}

// proves attr.maxBroadcasters
// proves attr.maxWatchers
#[test]
fn smallest_limit_of_those_present_is_in_force() {
    let mut room = Room::new();
    let effects = room.join_as(1, "ada", limits(5, 0));
    let seen = welcome(&effects).snapshot.clone().expect("a snapshot");
    assert_eq!(seen.settings.max_broadcasters, 5);
    let told = settings(&room.join_as(2, "bob", limits(3, 9))).expect("a change");
    assert_eq!((told.max_broadcasters, told.max_watchers), (3, 9));
    assert_eq!(settings(&room.join_as(3, "eva", limits(4, 20))), None);
    let told = settings(&room.ask(2, 9, Request::Leave)).expect("a change");
    assert_eq!((told.max_broadcasters, told.max_watchers), (4, 20));
    let told = settings(&room.ask(3, 9, Request::Leave)).expect("a change");
    assert_eq!((told.max_broadcasters, told.max_watchers), (5, 0));
    // viewers bind nobody
    let vic = Claims {
        max_broadcasters: 1,
        max_watchers: 1,
        ..viewer()
    };
    assert_eq!(settings(&room.join_as(4, "vic", vic)), None);
    assert_eq!(room.state.inspect().settings.max_broadcasters, 5);
}

// proves attr.maxWatchers
#[test]
fn one_tile_too_many_is_refused_and_a_viewer_is_none() {
    let mut room = Room::new();
    room.join_as(
        1,
        "mod",
        Claims {
            max_watchers: 2,
            ..moderator()
        },
    );
    room.join(2, "ada");
    let refused = room.join(3, "bob");
    assert_eq!(error_code(&refused, 3), Some(ErrorCode::RoomFull));
    assert_eq!(ended_codes(&refused, 3), [None]);
    assert_eq!(room.state.seats(), 2);
    let vic = room.join_as(4, "vic", viewer());
    assert_eq!(welcome(&vic).peer, id("vic"));
    let stage = Moderation::SetStage {
        peer: id("vic"),
        on: true,
    };
    let refused = room.moderate(1, stage.clone());
    assert_eq!(error_code(&refused, 1), Some(ErrorCode::RoomFull));
    // somebody's second session takes the place of the first
    assert_eq!(welcome(&room.join(5, "ada")).peer, id("ada"));
    room.ask(5, 9, Request::Leave);
    room.done(1, stage);
    let refused = room.join_as(6, "eva", limits(0, 9));
    assert_eq!(error_code(&refused, 6), Some(ErrorCode::RoomFull));
}

// proves attr.maxWatchers
#[test]
fn own_limit_binds_whoever_brings_it() {
    let mut room = Room::new();
    room.join(1, "ada");
    let refused = room.join_as(2, "bob", limits(0, 1));
    assert_eq!(error_code(&refused, 2), Some(ErrorCode::RoomFull));
}

fn video(url: &str, signed: bool, claims: Claims) -> Claims {
    Claims {
        video: Some(url.to_owned()),
        video_signed: signed,
        ..claims
    }
}

// proves attr.video
#[test]
fn signed_player_wins_then_the_earliest_and_it_goes_with_who_brought_it() {
    let mut room = Room::new();
    let player = |effects: &[Effect]| settings(effects).expect("a change").video;
    let plain = Claims::default;
    let one = || Some("https://one".to_owned());
    assert_eq!(
        player(&room.join_as(1, "ada", video("https://one", false, plain()))),
        one()
    );
    let two = room.join_as(2, "bob", video("https://two", false, plain()));
    assert_eq!(settings(&two), None, "the first one stays");
    assert_eq!(
        player(&room.join_as(3, "eva", video("https://three", true, plain()))),
        Some("https://three".to_owned())
    );
    let four = room.join_as(4, "ian", video("https://four", true, plain()));
    assert_eq!(settings(&four), None);
    room.ask(4, 9, Request::Leave);
    assert_eq!(player(&room.ask(3, 9, Request::Leave)), one());
    let left = player(&room.ask(1, 9, Request::Leave));
    assert_eq!(left, Some("https://two".to_owned()));
    assert_eq!(player(&room.ask(2, 9, Request::Leave)), None);
}

// proves attr.video
#[test]
fn viewers_address_shows_nothing_to_others_but_their_token_does() {
    let mut room = Room::new();
    room.join(1, "ada");
    let own = room.join_as(2, "vic", video("https://own", false, viewer()));
    assert_eq!(settings(&own), None);
    let signed = room.join_as(3, "val", video("https://signed", true, viewer()));
    let player = settings(&signed).and_then(|settings| settings.video);
    assert_eq!(player, Some("https://signed".to_owned()));
}
