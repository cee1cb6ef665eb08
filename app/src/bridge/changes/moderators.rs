//! Hands, roles, and who waits to be let in.

use std::collections::HashMap;

use client::model::Model;
use protocol::{BridgeEvent, BridgePerson, Participant, PeerId, Waiting};

use super::{is_inside, person};

/// Tells what is different. Hands that were up before oneself came are no news;
/// who waits is, since somebody has to do something about it.
pub(super) fn tell(before: &Model, after: &Model, events: &mut Vec<BridgeEvent>) {
    if is_inside(before) && differ(before, after) {
        hands_and_roles(before, after, events);
    }
    if before.room.waiting != after.room.waiting {
        waiting(&before.room.waiting, &after.room.waiting, events);
    }
}

fn differ(before: &Model, after: &Model) -> bool {
    before.you != after.you
        || before.room.participants != after.room.participants
        || before.room.viewers != after.room.viewers
}

fn hands_and_roles(before: &Model, after: &Model, events: &mut Vec<BridgeEvent>) {
    let known: HashMap<_, _> = everybody(before).map(|one| (&one.id, one)).collect();
    for now in everybody(after) {
        let then = known.get(&now.id);
        let raised = |one: &Participant| one.hand_raised_at.is_some();
        match (then.is_some_and(|then| raised(then)), raised(now)) {
            (false, true) => events.push(BridgeEvent::HandRaised(person(now))),
            (true, false) => events.push(BridgeEvent::HandLowered(person(now))),
            _ => {}
        }
        if then.is_some_and(|then| then.role != now.role) {
            events.push(BridgeEvent::RoleChanged {
                person: person(now),
                role: now.role,
            });
        }
    }
}

/// Everybody of whom something is known; of oneself, what only oneself is told.
fn everybody(model: &Model) -> impl Iterator<Item = &Participant> {
    let room = &model.room;
    let myself = model.you.iter().map(|you| &you.participant);
    let others = room.viewers.iter().chain(&room.participants);
    let others = others.filter(|one| model.me.as_ref() != Some(&one.id));
    others.chain(myself)
}

fn waiting(before: &[Waiting], after: &[Waiting], events: &mut Vec<BridgeEvent>) {
    let waits = |list: &[Waiting], id: &PeerId| list.iter().any(|one| one.id == *id);
    let who = |one: &Waiting| BridgePerson {
        peer_id: Some(one.id.clone()),
        display_name: one.display_name.clone(),
    };
    for one in after.iter().filter(|one| !waits(before, &one.id)) {
        events.push(BridgeEvent::Waiting {
            person: who(one),
            removed_before: one.removed_before,
        });
    }
    let gone = before.iter().filter(|one| !waits(after, &one.id));
    events.extend(gone.map(|one| BridgeEvent::WaitingGone(who(one))));
}
