//! What follows from who is in the room: who is on stage, who leads, how many
//! watch, and whose limits and player are in force.
//!
//! Counted up and down as people come, change and go, so that nobody has to be
//! counted through when one of two thousand viewers comes in.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{PeerId, Role};

use super::seat::Seat;
use crate::metrics::Headcount;

/// What follows from who is in the room.
#[derive(Debug, Default)]
pub(super) struct Tally {
    stage: BTreeMap<u64, PeerId>,
    moderators: BTreeSet<PeerId>,
    viewers: u32,
    /// Seats of the recorder: they count for nothing.
    hidden: usize,
    /// Who translate, those whose connection is lost included.
    interpreters: usize,
    broadcasters: Smallest,
    watchers: Smallest,
    /// Those that came by token stand before those that came by address.
    videos: BTreeMap<(bool, u64), String>,
    /// How many translate into each language.
    languages: BTreeMap<String, u32>,
}

impl Tally {
    /// Counts somebody in.
    pub(super) fn add(&mut self, seat: &Seat) {
        if seat.is_hidden() {
            self.hidden += 1;
            return;
        }
        if let Some(video) = video(seat) {
            self.videos.insert(video_key(seat), video.clone());
        }
        if let Some(language) = seat.translates_into() {
            *self.languages.entry(language.clone()).or_default() += 1;
        }
        if !seat.is_on_stage() {
            self.viewers += 1;
            return;
        }
        self.stage.insert(seat.order, seat.peer().clone());
        if seat.role() == Role::Moderator {
            self.moderators.insert(seat.peer().clone());
        }
        self.interpreters += usize::from(seat.role() == Role::Interpreter);
        self.broadcasters.add(seat.claims.max_broadcasters);
        self.watchers.add(seat.claims.max_watchers);
    }

    /// Counts somebody out, who is as they were when they were counted in.
    pub(super) fn remove(&mut self, seat: &Seat) {
        if seat.is_hidden() {
            self.hidden -= 1;
            return;
        }
        self.videos.remove(&video_key(seat));
        if let Some(language) = seat.translates_into() {
            take_one(&mut self.languages, language);
        }
        if !seat.is_on_stage() {
            self.viewers -= 1;
            return;
        }
        self.stage.remove(&seat.order);
        self.moderators.remove(seat.peer());
        self.interpreters -= usize::from(seat.role() == Role::Interpreter);
        self.broadcasters.remove(seat.claims.max_broadcasters);
        self.watchers.remove(seat.claims.max_watchers);
    }

    /// How many there are of each role.
    pub(super) fn roles(&self) -> Headcount {
        let moderators = self.moderators.len();
        let interpreters = self.interpreters;
        Headcount {
            moderators,
            interpreters,
            participants: self.stage.len().saturating_sub(moderators + interpreters),
            viewers: self.viewers as usize,
            ..Headcount::default()
        }
    }

    /// Who is on stage, in the order of coming there.
    pub(super) fn stage(&self) -> impl Iterator<Item = &PeerId> {
        self.stage.values()
    }

    /// How many are on stage.
    pub(super) fn on_stage(&self) -> usize {
        self.stage.len()
    }

    /// Who leads.
    pub(super) fn moderators(&self) -> impl Iterator<Item = &PeerId> {
        self.moderators.iter()
    }

    /// How many watch.
    pub(super) fn viewers(&self) -> u32 {
        self.viewers
    }

    /// How many seats are the recorder's.
    pub(super) fn hidden(&self) -> usize {
        self.hidden
    }

    /// Most people with camera or microphone on; 0 is no limit.
    pub(super) fn max_broadcasters(&self) -> u32 {
        self.broadcasters.get()
    }

    /// Most people with a tile; 0 is no limit.
    pub(super) fn max_watchers(&self) -> u32 {
        self.watchers.get()
    }

    /// The player that is shown.
    pub(super) fn video(&self) -> Option<&String> {
        self.videos.values().next()
    }

    /// The languages into which somebody translates.
    pub(super) fn languages(&self) -> impl Iterator<Item = &String> {
        self.languages.keys()
    }
}

/// What somebody's address shows counts only while they are on stage: viewers
/// show nothing to others. What was signed counts always.
fn video(seat: &Seat) -> Option<&String> {
    let counts = seat.is_on_stage() || seat.claims.video_signed;
    seat.claims.video.as_ref().filter(|_| counts)
}

fn video_key(seat: &Seat) -> (bool, u64) {
    (!seat.claims.video_signed, seat.order)
}

fn take_one<K: Ord>(counts: &mut BTreeMap<K, u32>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// The smallest of the limits that those on stage brought. Viewers' addresses
/// bind nobody.
#[derive(Debug, Default)]
struct Smallest(BTreeMap<u32, u32>);

impl Smallest {
    fn add(&mut self, limit: u32) {
        if limit > 0 {
            *self.0.entry(limit).or_default() += 1;
        }
    }

    fn remove(&mut self, limit: u32) {
        take_one(&mut self.0, &limit);
    }

    fn get(&self) -> u32 {
        self.0.keys().next().copied().unwrap_or(0)
    }
}

/// The smaller of two limits of which 0 is none.
pub(super) fn smaller(one: u32, other: u32) -> u32 {
    match (one, other) {
        (0, limit) | (limit, 0) => limit,
        (one, other) => one.min(other),
    }
}
