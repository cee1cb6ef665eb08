//! Who is listed, in order, and found by what was typed.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{DisplayName, Participant, PeerId, Role};

use super::{
    order::{Facts, Hands, numbered, order},
    search::{finds, folded},
};
use crate::state::{Person, Store};

/// A participant in the list. Two are the same if their signals are.
#[derive(Debug, Clone)]
pub(super) struct Seat(pub(super) Arc<Person>);

impl PartialEq for Seat {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Seat {
    /// What tells one from another.
    pub(super) fn key(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

/// The numbers of all raised hands that are known.
pub(super) fn hands(store: Store) -> Memo<Hands> {
    Memo::new(move |_| {
        let mut hands: Vec<(u64, PeerId)> = store.people.with(|people| {
            let raised = |person: &Arc<Person>| Some((person.hand.get()?, person.id.clone()));
            people.iter().filter_map(raised).collect()
        });
        store.viewers.with(|viewers| {
            let raised = |viewer: &Participant| Some((viewer.hand_raised_at?, viewer.id.clone()));
            hands.extend(viewers.iter().filter_map(raised));
        });
        numbered(hands)
    })
}

/// Those on stage who are found, in order.
pub(super) fn on_stage(store: Store, search: RwSignal<String>) -> Memo<Vec<Seat>> {
    let listed = Memo::new(move |_| store.people.with(|people| list(people)));
    Memo::new(move |_| {
        let typed = search.with(|typed| folded(typed));
        listed.with(|seats| {
            let seats = seats.iter();
            let found = seats.filter(|seat| seat.0.name.with(|name| finds(&typed, name.as_str())));
            found.cloned().collect()
        })
    })
}

fn list(people: &[Arc<Person>]) -> Vec<Seat> {
    let facts: Vec<Facts> = people
        .iter()
        .map(|person| Facts {
            hand: person.hand.get(),
            leads: person.role.get() == Role::Moderator,
            joined_at: person.joined_at,
        })
        .collect();
    let places = order(&facts).into_iter();
    places.map(|of| Seat(Arc::clone(&people[of]))).collect()
}

/// A viewer in the list: what stands in the row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Watching {
    pub(super) id: PeerId,
    pub(super) name: DisplayName,
}

impl Watching {
    /// Whatever the row shows: when it changes, the row is drawn anew. A hand
    /// is none of it: the row that is pressed to lower it stays the same.
    pub(super) fn key(&self) -> (PeerId, String) {
        (self.id.clone(), self.name.as_str().to_owned())
    }
}

/// The viewers who are found, in order; known to moderators only.
pub(super) fn watching(store: Store, search: RwSignal<String>) -> Memo<Vec<Watching>> {
    let listed = Memo::new(move |_| store.viewers.with(|viewers| list_viewers(viewers)));
    Memo::new(move |_| {
        let typed = search.with(|typed| folded(typed));
        listed.with(|listed| {
            let found = listed
                .iter()
                .filter(|watching| finds(&typed, watching.name.as_str()));
            found.cloned().collect()
        })
    })
}

fn list_viewers(viewers: &[Participant]) -> Vec<Watching> {
    let facts: Vec<Facts> = viewers
        .iter()
        .map(|viewer| Facts {
            hand: viewer.hand_raised_at,
            leads: false,
            joined_at: viewer.joined_at,
        })
        .collect();
    let places = order(&facts).into_iter();
    places
        .map(|of| Watching {
            id: viewers[of].id.clone(),
            name: viewers[of].display_name.clone(),
        })
        .collect()
}
