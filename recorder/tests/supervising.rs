//! What supervision does when a browser or a page does not, on a clock that
//! the test turns by hand.

use std::time::{Duration, Instant};

use protocol::{FromRecorder, ToRecorder};
use recorder::{
    PartId, Settings,
    session::{Before, Effect, End, Input, Session},
};

struct Clock {
    session: Session,
    now: Instant,
}

impl Clock {
    fn new(before: Option<Before>) -> Self {
        let settings = Settings {
            volume: Duration::from_secs(100),
            ..Settings::of("x".into())
        };
        Self {
            session: Session::new(settings, before),
            now: Instant::now(),
        }
    }

    fn apply(&mut self, input: Input) -> Vec<Effect> {
        self.session.apply(input, self.now)
    }

    /// Lets time pass to the next deadline.
    fn tick(&mut self) -> Vec<Effect> {
        self.now = self.session.deadline().expect("a deadline");
        self.apply(Input::Tick)
    }

    fn pass(&mut self, seconds: u64) -> Vec<Effect> {
        self.now += Duration::from_secs(seconds);
        self.apply(Input::Wrote)
    }

    fn started(&mut self, volume: u32) -> Vec<Effect> {
        let mime = "video/x-matroska".to_owned();
        let at = 7;
        self.apply(Input::Heard(FromRecorder::Started { volume, mime, at }))
    }

    /// Up to where it records.
    fn live(&mut self) -> Vec<Effect> {
        self.apply(Input::Start);
        self.apply(Input::Hello);
        self.started(1)
    }
}

fn opens(volume: u32, part: u32) -> Effect {
    let part = PartId { volume, part };
    Effect::Open { part, at: 7 }
}

#[test]
fn it_goes_on_with_another_part_at_once() {
    let mut clock = Clock::new(None);
    assert_eq!(clock.live(), [opens(1, 1), Effect::Live]);
    clock.pass(1);
    let lost = clock.apply(Input::BrowserGone);
    let close = Effect::Close { volume: 1 };
    assert_eq!(lost, [Effect::Kill, close, Effect::Launch { extra: 0 }]);
    clock.apply(Input::Hello);
    assert_eq!(clock.started(1), [opens(1, 2)]);
}

#[test]
fn another_browser_waits_when_the_first_one_records() {
    let mut clock = Clock::new(None);
    clock.live();
    let prepare = || [Effect::Prepare { extra: 0 }];
    assert_eq!(clock.pass(0), [], "not while the first one still starts");
    assert_eq!(clock.pass(1), prepare());
    assert_eq!(clock.pass(1), [], "one is enough");
    clock.apply(Input::BrowserGone);
    clock.apply(Input::Hello);
    clock.started(1);
    assert_eq!(
        clock.pass(1),
        prepare(),
        "it took the place of the first one"
    );
}

#[test]
fn a_page_that_falls_silent_is_replaced() {
    let mut clock = Clock::new(None);
    clock.live();
    let effects = clock.tick();
    assert!(
        effects.contains(&Effect::Launch { extra: 0 }),
        "{effects:?}"
    );
}

#[test]
fn tries_that_come_to_nothing_are_given_up() {
    let mut clock = Clock::new(None);
    clock.apply(Input::Start);
    let mut launches = 1;
    let last = loop {
        let effects = clock.tick();
        let launch = |e: &&Effect| matches!(e, Effect::Launch { .. });
        launches += effects.iter().filter(launch).count();
        if let Some(Effect::Over(end)) = effects.last() {
            break *end;
        }
    };
    assert_eq!((last, launches), (End::GivenUp, 6));
    assert!(clock.apply(Input::Start).is_empty());
}

#[test]
fn the_last_volume_ends_when_the_next_one_records() {
    let mut clock = Clock::new(None);
    clock.live();
    for _ in 0..99 {
        clock.pass(1);
    }
    let split = clock.tick();
    assert_eq!(split, [Effect::Say(ToRecorder::Split { volume: 2 })]);
    assert_eq!(clock.started(2), [opens(2, 1)]);
    let done = clock.apply(Input::Heard(FromRecorder::Done { volume: 1 }));
    let (close, over) = (
        Effect::Close { volume: 1 },
        Effect::VolumeOver { volume: 1 },
    );
    assert_eq!(done, [close, over]);
}

#[test]
fn stopping_waits_for_what_is_left() {
    let mut clock = Clock::new(None);
    clock.live();
    assert_eq!(clock.apply(Input::Stop), [Effect::Say(ToRecorder::Stop)]);
    let done = clock.apply(Input::Heard(FromRecorder::Done { volume: 1 }));
    assert_eq!(done.first(), Some(&Effect::Close { volume: 1 }));
    assert_eq!(done.last(), Some(&Effect::Over(End::Stopped)));
}

#[test]
fn a_full_disk_ends_it_with_what_is_there() {
    let mut clock = Clock::new(None);
    clock.live();
    let effects = clock.apply(Input::DiskFull);
    assert!(effects.contains(&Effect::VolumeOver { volume: 1 }));
    assert_eq!(effects.last(), Some(&Effect::Over(End::DiskFull)));
}

#[test]
fn another_server_goes_on_where_the_last_one_was() {
    let before = Before {
        volume: 3,
        parts: 2,
    };
    let mut clock = Clock::new(Some(before));
    clock.apply(Input::Start);
    let said = clock.apply(Input::Hello);
    let Effect::Say(ToRecorder::Record { volume, .. }) = &said[0] else {
        panic!("{said:?}");
    };
    assert_eq!(*volume, 3);
    assert_eq!(clock.started(3)[0], opens(3, 3));
}

#[test]
fn a_picture_of_the_wrong_height_is_corrected() {
    let mut clock = Clock::new(None);
    clock.apply(Input::Start);
    clock.apply(Input::Hello);
    let unsettled = FromRecorder::Unsettled {
        inner_width: 1_280,
        inner_height: 700,
    };
    let effects = clock.apply(Input::Heard(unsettled));
    assert!(
        effects.contains(&Effect::Launch { extra: 20 }),
        "{effects:?}"
    );
}
