//! What to do with one recording, without I/O: what happened and the time go
//! in, effects come out.
//!
//! A *run* is one browser from its start to its end. What it sends of a volume
//! is a *part*. A volume that no run crashed in has one part.

mod steps;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use protocol::{FromRecorder, ToRecorder};

use crate::{PartId, Settings};
pub use steps::{Effect, End, Input};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    /// The browser starts.
    Launching(Instant),
    /// The page prepares to record.
    Loading(Instant),
    /// It records; it was heard at this time.
    Live(Instant),
    /// A pause before the next try.
    Waiting(Instant),
    /// The page sends what is left.
    Stopping(Instant),
    Over,
}

/// What to do with one recording.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    phase: Phase,
    volume: u32,
    /// How many parts the volume has.
    parts: u32,
    volume_since: Option<Instant>,
    /// The page was told to start the next volume, and has until then.
    splitting: Option<Instant>,
    /// Volumes with a part that is not over.
    open: BTreeSet<u32>,
    was_live: bool,
    /// Tries in a row that came to nothing.
    failures: u32,
    extra: u32,
    /// When another browser is to be started, which waits; the next run takes it.
    prepare_at: Option<Instant>,
}

/// What an earlier server has of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// The last volume, from 1.
    pub volume: u32,
    /// How many parts it has.
    pub parts: u32,
}

impl Session {
    /// A recording that begins, or one that goes on.
    #[must_use]
    pub fn new(settings: Settings, before: Option<Before>) -> Self {
        let before = before.unwrap_or(Before {
            volume: 1,
            parts: 0,
        });
        Self {
            settings,
            phase: Phase::Idle,
            volume: before.volume,
            parts: before.parts,
            volume_since: None,
            splitting: None,
            open: BTreeSet::new(),
            was_live: false,
            failures: 0,
            extra: 0,
            prepare_at: None,
        }
    }

    /// Takes what happened and says what to do.
    pub fn apply(&mut self, input: Input, now: Instant) -> Vec<Effect> {
        if self.phase == Phase::Over {
            return Vec::new();
        }
        match input {
            Input::Start => self.launch(now),
            Input::Hello => self.hello(now),
            Input::Heard(message) => self.heard(&message, now),
            Input::Wrote => self.wrote(now),
            Input::BrowserGone | Input::PageGone => self.lost(now),
            Input::Stop => self.stop(now),
            Input::DiskFull => self.end(End::DiskFull),
            Input::Tick => self.tick(now),
        }
    }

    /// When [`Input::Tick`] should come.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Idle | Phase::Over => None,
            Phase::Launching(by) | Phase::Loading(by) | Phase::Waiting(by) => Some(by),
            Phase::Stopping(by) => Some(by),
            Phase::Live(heard) => {
                let silent = heard + self.settings.silence;
                let split = self.splitting.or(self.split_due());
                Some(split.map_or(silent, |split| split.min(silent)))
            }
        }
    }

    fn split_due(&self) -> Option<Instant> {
        self.volume_since.map(|since| since + self.settings.volume)
    }

    fn launch(&mut self, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.split_due().is_some_and(|due| due <= now) {
            // the browser died when the next volume was due
            effects.push(self.volume_over(self.volume));
            self.begin_volume(self.volume + 1);
            self.volume_since = None;
        }
        self.phase = Phase::Launching(now + self.settings.hello);
        self.prepare_at = None;
        effects.push(Effect::Launch { extra: self.extra });
        effects
    }

    fn hello(&mut self, now: Instant) -> Vec<Effect> {
        if !matches!(self.phase, Phase::Launching(_)) {
            return Vec::new();
        }
        self.phase = Phase::Loading(now + self.settings.begin);
        let all = &self.settings;
        vec![Effect::Say(ToRecorder::Record {
            volume: self.volume,
            width: all.width,
            height: all.height,
            frame_rate: all.frame_rate,
            video_bitrate: all.video_bitrate,
            audio_bitrate: all.audio_bitrate,
            keyframe_ms: KEYFRAME_MS,
            slice_ms: SLICE_MS,
        })]
    }

    fn heard(&mut self, message: &FromRecorder, now: Instant) -> Vec<Effect> {
        match *message {
            FromRecorder::Hello { .. } | FromRecorder::Settled { .. } => Vec::new(),
            FromRecorder::Unsettled { inner_height, .. } => {
                // the bar was higher than usual
                let short = self.settings.height.saturating_sub(inner_height);
                self.extra = (self.extra + short).min(EXTRA_MAX);
                self.lost(now)
            }
            FromRecorder::Started { volume, at, .. } => self.started(volume, at, now),
            FromRecorder::Done { volume } => self.done(volume),
            FromRecorder::Failed { .. } => self.lost(now),
        }
    }

    fn started(&mut self, volume: u32, at: u64, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        match self.phase {
            Phase::Loading(_) if volume == self.volume => {
                self.prepare_at = Some(now + PREPARE_AFTER);
            }
            Phase::Live(_) if volume == self.volume + 1 && self.splitting.is_some() => {
                self.begin_volume(volume);
            }
            // not what it was told
            _ => return Vec::new(),
        }
        self.phase = Phase::Live(now);
        self.parts += 1;
        self.splitting = None;
        // a part that follows a crash does not begin the volume anew
        if self.parts == 1 || self.volume_since.is_none() {
            self.volume_since = Some(now);
        }
        self.open.insert(volume);
        let part = PartId {
            volume,
            part: self.parts,
        };
        effects.push(Effect::Open { part, at });
        if !std::mem::replace(&mut self.was_live, true) {
            effects.push(Effect::Live);
        }
        effects
    }

    fn begin_volume(&mut self, volume: u32) {
        self.volume = volume;
        self.parts = 0;
    }

    fn wrote(&mut self, now: Instant) -> Vec<Effect> {
        let Phase::Live(heard) = &mut self.phase else {
            return Vec::new();
        };
        *heard = now;
        self.failures = 0;
        match self.prepare_at.take_if(|at| *at <= now) {
            Some(_) => vec![Effect::Prepare { extra: self.extra }],
            None => Vec::new(),
        }
    }

    fn done(&mut self, volume: u32) -> Vec<Effect> {
        if !self.open.remove(&volume) {
            return Vec::new();
        }
        let mut effects = vec![Effect::Close { volume }];
        if volume < self.volume {
            effects.push(self.volume_over(volume));
        }
        if matches!(self.phase, Phase::Stopping(_)) && self.open.is_empty() {
            effects.extend(self.end(End::Stopped));
        }
        effects
    }

    fn volume_over(&mut self, volume: u32) -> Effect {
        Effect::VolumeOver { volume }
    }

    /// The run came to its end before it was told to.
    fn lost(&mut self, now: Instant) -> Vec<Effect> {
        match self.phase {
            Phase::Stopping(_) => return self.end(End::Stopped),
            Phase::Launching(_) | Phase::Loading(_) | Phase::Live(_) => {}
            // nothing runs that could be lost
            Phase::Idle | Phase::Waiting(_) | Phase::Over => return Vec::new(),
        }
        let mut effects = vec![Effect::Kill];
        effects.extend(self.close_all());
        self.splitting = None;
        self.failures += 1;
        if self.failures > self.settings.tries {
            effects.extend(self.end(End::GivenUp));
            return effects;
        }
        if self.failures == 1 {
            // every moment is missing in the video
            effects.extend(self.launch(now));
            return effects;
        }
        let doubled = 2_u32.saturating_pow(self.failures - 2);
        let pause = self.settings.back_off.saturating_mul(doubled);
        self.phase = Phase::Waiting(now + pause.min(BACK_OFF_MAX));
        effects
    }

    /// Closes what is open. Volumes before the current one are over by it.
    fn close_all(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for volume in std::mem::take(&mut self.open) {
            effects.push(Effect::Close { volume });
            if volume < self.volume {
                effects.push(self.volume_over(volume));
            }
        }
        effects
    }

    fn stop(&mut self, now: Instant) -> Vec<Effect> {
        match self.phase {
            Phase::Live(_) => {
                self.phase = Phase::Stopping(now + self.settings.stop);
                vec![Effect::Say(ToRecorder::Stop)]
            }
            Phase::Stopping(_) => Vec::new(),
            _ => self.end(End::Stopped),
        }
    }

    fn end(&mut self, why: End) -> Vec<Effect> {
        let mut effects = vec![Effect::Kill];
        effects.extend(self.close_all());
        effects.push(self.volume_over(self.volume));
        effects.push(Effect::Over(why));
        self.phase = Phase::Over;
        effects
    }

    fn tick(&mut self, now: Instant) -> Vec<Effect> {
        match self.phase {
            Phase::Waiting(until) if until <= now => self.launch(now),
            Phase::Launching(by) | Phase::Loading(by) if by <= now => self.lost(now),
            Phase::Stopping(by) if by <= now => self.end(End::Stopped),
            Phase::Live(heard) if heard + self.settings.silence <= now => self.lost(now),
            Phase::Live(_) => self.split(now),
            _ => Vec::new(),
        }
    }

    fn split(&mut self, now: Instant) -> Vec<Effect> {
        match self.splitting {
            Some(by) if by <= now => self.lost(now),
            None if self.split_due().is_some_and(|due| due <= now) => {
                self.splitting = Some(now + self.settings.begin);
                let volume = self.volume + 1;
                vec![Effect::Say(ToRecorder::Split { volume })]
            }
            _ => Vec::new(),
        }
    }
}

/// Milliseconds from one keyframe to the next. Players seek to keyframes; more
/// of them leave fewer bytes for what is sharp.
const KEYFRAME_MS: u32 = 2_000;
/// Milliseconds from one piece to the next: so much is lost in a crash.
const SLICE_MS: u32 = 250;
/// How long a run records before another browser is started: that takes from
/// the processors what the first moments need.
const PREPARE_AFTER: Duration = Duration::from_secs(1);
/// The longest pause after a failure.
const BACK_OFF_MAX: Duration = Duration::from_secs(60);
/// A sharing bar is never so high, in pixels.
const EXTRA_MAX: u32 = 200;
