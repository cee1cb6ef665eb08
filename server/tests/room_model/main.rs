//! Whatever happens in a room, each client that puts its snapshot and its
//! events together knows what the room knows; what is off for the room is off
//! in the media plane; and limits hold.

mod known;
mod people;
mod world;

use proptest::prelude::*;
use protocol::Source;
use world::World;

/// A moderator, two participants, a viewer, an interpreter, and one who brings
/// limits.
pub(crate) const PEOPLE: u8 = 6;

/// Something that happens to one of a few people.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Join { who: u8, media: bool, ticket: bool },
    Lose(u8),
    Resume(u8),
    Leave(u8),
    Switch(u8, Source, bool),
    Rename(u8, u8),
    Hand(u8, bool),
    Write(u8, u8),
    Store(bool),
    Wait(u16),
    Moderate { who: u8, what: What, whom: u8 },
}

/// What somebody tries who may be a moderator or not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    WaitingRoom(bool),
    Lock(bool),
    Admit { all: bool },
    Reject { all: bool },
    Allow(Source, bool, All),
    TurnOff(Source, All),
    Ask(Source),
    LowerHand(All),
    Remove,
    Moderator(bool),
    Stage(bool),
}

/// For all, and not for one.
pub(crate) type All = bool;

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Microphone),
        Just(Source::Camera),
        Just(Source::Screen),
        Just(Source::ScreenAudio),
    ]
}

fn what() -> impl Strategy<Value = What> {
    let any = any::<bool>;
    prop_oneof![
        1 => any().prop_map(What::WaitingRoom),
        1 => prop::bool::weighted(0.3).prop_map(What::Lock),
        1 => any().prop_map(|all| What::Admit { all }),
        1 => any().prop_map(|all| What::Reject { all }),
        3 => (source(), any(), any()).prop_map(|(s, on, all)| What::Allow(s, on, all)),
        1 => (source(), any()).prop_map(|(s, all)| What::TurnOff(s, all)),
        1 => source().prop_map(What::Ask),
        1 => any().prop_map(What::LowerHand),
        1 => Just(What::Remove),
        2 => any().prop_map(What::Moderator),
        3 => any().prop_map(What::Stage),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..PEOPLE;
    let join = (who(), any::<bool>(), any::<bool>());
    let step = prop_oneof![
        6 => join.prop_map(|(who, media, ticket)| Step::Join { who, media, ticket }),
        3 => who().prop_map(Step::Lose),
        3 => who().prop_map(Step::Resume),
        1 => who().prop_map(Step::Leave),
        4 => (who(), source(), any::<bool>()).prop_map(|(who, s, on)| Step::Switch(who, s, on)),
        2 => (who(), 0..3_u8).prop_map(|(who, name)| Step::Rename(who, name)),
        2 => (who(), any::<bool>()).prop_map(|(who, raised)| Step::Hand(who, raised)),
        3 => (who(), 0..5_u8).prop_map(|(who, text)| Step::Write(who, text)),
        3 => prop::bool::weighted(0.8).prop_map(Step::Store),
        2 => (0..20_000_u16).prop_map(Step::Wait),
        9 => (prop_oneof![4 => Just(0), 1 => who()], what(), who())
            .prop_map(|(who, what, whom)| Step::Moderate { who, what, whom }),
    ];
    prop::collection::vec(step, 1..120)
}

proptest! {
    // a failure that is found is written down as a test of its own
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_know_what_the_room_knows(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.check();
    }
}
