//! What holds for the whole room: what moderators decided, and what follows
//! from who is here. Everybody is told by a numbered event when it changes.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use protocol::{Allowed, RoomEvent, RoomSettings};
use serde::{Deserialize, Serialize};

use super::{
    Audience, Claims, Effect, Plan, RoomState,
    tally::{Tally, smaller},
};
use crate::clock::{Now, UnixMillis};

/// What was decided for the whole room, by moderators and by tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Rules {
    pub(super) waiting_room: WaitingRoom,
    pub(super) locked: bool,
    pub(super) allowed: Allowed,
    /// Somebody's token switched interpretation on.
    interpretation: bool,
    /// Most people with camera or microphone on, as the integrator planned the
    /// room; 0 is no limit.
    pub(super) max_broadcasters: u32,
    /// Most people with a tile, as the integrator planned the room; 0 is no
    /// limit.
    pub(super) max_watchers: u32,
    /// From when on nobody comes in any more, in milliseconds since 1970-01-01
    /// UTC.
    pub(super) closes_at: Option<u64>,
}

/// Whether newcomers wait.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct WaitingRoom {
    pub(super) on: bool,
    /// A moderator decided: tokens change it no more.
    decided: bool,
}

impl WaitingRoom {
    /// A moderator switches it.
    pub(super) fn decide(&mut self, on: bool) {
        (self.on, self.decided) = (on, true);
    }
}

impl Rules {
    /// What holds in a room from its first person on.
    pub(super) fn planned(plan: &Plan) -> Self {
        let mut rules = Self::default();
        rules.change(plan);
        rules
    }

    /// Takes over what a plan says; the rest stays.
    pub(super) fn change(&mut self, plan: &Plan) {
        if let Some(on) = plan.waiting_room {
            self.waiting_room.decide(on);
        }
        self.locked = plan.locked.unwrap_or(self.locked);
        self.allowed = plan.allowed.unwrap_or(self.allowed);
        self.max_broadcasters = plan.max_broadcasters.unwrap_or(self.max_broadcasters);
        self.max_watchers = plan.max_watchers.unwrap_or(self.max_watchers);
        self.closes_at = plan.closes_at.unwrap_or(self.closes_at);
    }

    /// Whether nobody comes in any more.
    pub(super) fn is_closed(&self, now: UnixMillis) -> bool {
        self.closes_at.is_some_and(|at| now.get() >= at)
    }

    /// Whether somebody waits who has nothing that spares it: their own token
    /// counts as well.
    pub(super) fn lets_wait(&self, claims: &Claims) -> bool {
        let waiting_room = &self.waiting_room;
        waiting_room.on || (claims.waiting_room && !waiting_room.decided)
    }

    /// Does what the token says about the room of somebody who is not turned
    /// away.
    pub(super) fn hear(&mut self, claims: &Claims) {
        self.waiting_room.on = self.lets_wait(claims);
        self.interpretation |= claims.interpreters;
    }
}

/// Since when languages have no interpreter any more.
#[derive(Debug, Default)]
pub(super) struct Orphans(BTreeMap<String, Instant>);

impl Orphans {
    /// Takes over what is so now, and gives the languages that can be chosen.
    fn follow(
        &mut self,
        known: &[String],
        tally: &Tally,
        keep: Duration,
        now: Instant,
    ) -> Vec<String> {
        let mut languages: Vec<String> = tally.languages().cloned().collect();
        self.0.retain(|language, _| !languages.contains(language));
        for language in known.iter().filter(|known| !languages.contains(*known)) {
            self.0.entry(language.clone()).or_insert(now);
        }
        self.0.retain(|_, since| *since + keep > now);
        languages.extend(self.0.keys().cloned());
        languages.sort_unstable();
        languages
    }

    /// When the next one goes.
    pub(super) fn deadline(&self, keep: Duration) -> Option<Instant> {
        self.0.values().min().map(|since| *since + keep)
    }
}

impl RoomState {
    /// Works out what holds now and tells everybody who is in the room, if it
    /// changed.
    pub(super) fn follow(&mut self, now: Now) -> Vec<Effect> {
        self.follow_for(Audience::All, now)
    }

    /// The same without telling somebody who is about to go.
    pub(super) fn follow_for(&mut self, to: Audience, now: Now) -> Vec<Effect> {
        let settings = self.settings_now(now);
        if settings == self.settings {
            return Vec::new();
        }
        let gone = |language: &String| !settings.languages.contains(language);
        let is_less = self.settings.languages.iter().any(gone);
        self.settings = settings.clone();
        let mut effects = if is_less { self.unheard() } else { Vec::new() };
        let event = RoomEvent::SettingsChanged { settings };
        effects.push(self.event(event, to));
        effects
    }

    fn settings_now(&mut self, now: Now) -> RoomSettings {
        let languages = if self.rules.interpretation {
            let (known, keep) = (&self.settings.languages, self.limits.language);
            self.orphans.follow(known, &self.tally, keep, now.instant)
        } else {
            Vec::new()
        };
        RoomSettings {
            waiting_room: self.rules.waiting_room.on,
            locked: self.rules.locked,
            allowed: self.rules.allowed,
            video: self.tally.video().cloned(),
            max_broadcasters: self.max_broadcasters(),
            max_watchers: self.max_watchers(),
            languages,
        }
    }

    /// Most people with camera or microphone on; 0 is no limit.
    pub(super) fn max_broadcasters(&self) -> u32 {
        smaller(self.rules.max_broadcasters, self.tally.max_broadcasters())
    }

    /// Most people with a tile; 0 is no limit.
    pub(super) fn max_watchers(&self) -> u32 {
        smaller(self.rules.max_watchers, self.tally.max_watchers())
    }

    /// Those who listen to a language that is no more hear the original again.
    fn unheard(&mut self) -> Vec<Effect> {
        let languages = &self.settings.languages;
        let mut effects = Vec::new();
        for seat in self.seats.values_mut() {
            let gone = |language: &mut String| !languages.contains(language);
            if seat.listens_to.take_if(gone).is_some() {
                effects.push(Effect::SetLanguage(seat.peer().clone(), None));
            }
        }
        effects
    }
}
