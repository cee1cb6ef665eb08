//! Those who wait to be let in, in the order in which they came.
//!
//! Owns the list. Who has to wait is decided in `arrival`, who comes in by the
//! moderators in `admittance`.

use std::collections::{BTreeMap, HashMap};

use protocol::{PeerId, Waiting};

use super::{Join, SessionId};
use crate::clock::UnixMillis;

/// Somebody who waits.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) join: Join,
    /// Since when: on people's clock.
    pub(super) since: UnixMillis,
    /// They were removed before.
    pub(super) removed_before: bool,
}

impl Waiter {
    pub(super) fn told(&self) -> Waiting {
        Waiting {
            id: self.join.peer.clone(),
            display_name: self.join.display_name.clone(),
            since: self.since.get(),
            removed_before: self.removed_before,
        }
    }
}

/// Those who wait.
#[derive(Debug, Default)]
pub(super) struct Lobby {
    waiters: BTreeMap<u64, Waiter>,
    places: HashMap<PeerId, u64>,
    sessions: HashMap<SessionId, u64>,
    last: u64,
}

impl Lobby {
    pub(super) fn len(&self) -> usize {
        self.waiters.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// Adds somebody at the end. Nobody with their id waits.
    pub(super) fn add(&mut self, waiter: Waiter) {
        self.last += 1;
        self.put(self.last, waiter);
    }

    fn put(&mut self, place: u64, waiter: Waiter) {
        self.places.insert(waiter.join.peer.clone(), place);
        self.sessions.insert(waiter.join.session, place);
        self.waiters.insert(place, waiter);
    }

    pub(super) fn has_session(&self, session: SessionId) -> bool {
        self.sessions.contains_key(&session)
    }

    pub(super) fn has(&self, peer: &PeerId) -> bool {
        self.places.contains_key(peer)
    }

    pub(super) fn take(&mut self, peer: &PeerId) -> Option<Waiter> {
        let place = *self.places.get(peer)?;
        self.take_place(place)
    }

    pub(super) fn take_session(&mut self, session: SessionId) -> Option<Waiter> {
        let place = *self.sessions.get(&session)?;
        self.take_place(place)
    }

    pub(super) fn take_first(&mut self) -> Option<Waiter> {
        let place = *self.waiters.first_key_value()?.0;
        self.take_place(place)
    }

    pub(super) fn take_place(&mut self, place: u64) -> Option<Waiter> {
        let waiter = self.waiters.remove(&place)?;
        self.places.remove(&waiter.join.peer);
        self.sessions.remove(&waiter.join.session);
        Some(waiter)
    }

    /// Marks those who wait and are barred by now, and gives them.
    pub(super) fn mark_removed(&mut self, barred: impl Fn(&Join) -> bool) -> Vec<PeerId> {
        let waiters = self.waiters.values_mut();
        let barred = waiters.filter(|waiter| !waiter.removed_before && barred(&waiter.join));
        let marked = barred.map(|waiter| {
            waiter.removed_before = true;
            waiter.join.peer.clone()
        });
        marked.collect()
    }

    /// The place of the last one who came.
    pub(super) fn end(&self) -> u64 {
        self.last
    }

    /// The first one from one place to another.
    pub(super) fn next(&self, from: u64, until: u64) -> Option<(u64, &Waiter)> {
        let (place, waiter) = self.waiters.range(from..).next()?;
        (*place <= until).then_some((*place, waiter))
    }

    pub(super) fn get(&self, peer: &PeerId) -> Option<&Waiter> {
        self.waiters.get(self.places.get(peer)?)
    }

    /// All of them, and nobody waits any more.
    pub(super) fn into_waiters(self) -> impl Iterator<Item = Waiter> {
        self.waiters.into_values()
    }

    /// All, as moderators are told.
    pub(super) fn list(&self) -> Vec<Waiting> {
        self.waiters.values().map(Waiter::told).collect()
    }

    /// Those after a place, each with theirs.
    pub(super) fn list_after(&self, place: u64, most: usize) -> Vec<(u64, Waiting)> {
        let after = self.waiters.range(place.saturating_add(1)..).take(most);
        after
            .map(|(place, waiter)| (*place, waiter.told()))
            .collect()
    }

    /// One, as moderators are told.
    pub(super) fn told(&self, peer: &PeerId) -> Option<Waiting> {
        self.get(peer).map(Waiter::told)
    }
}
