//! Who came, went, and has what on.

use std::collections::HashMap;

use client::model::{Model, Room};
use protocol::{BridgeEvent, BridgePerson, MediaState, Participant, PeerId, QualityScore};

use super::{is_inside, person};

/// Tells what is different with the people on stage and the chat. Who was there
/// before oneself came is no news.
pub(super) fn tell(before: &Model, after: &Model, events: &mut Vec<BridgeEvent>) {
    let (was_inside, me) = (is_inside(before), after.me.as_ref());
    if !was_inside {
        let myself = after.room.participants.iter().find(|p| Some(&p.id) == me);
        if let Some(myself) = myself {
            media(MediaState::default(), myself, events);
        }
        return;
    }
    let changed = before.room.participants != after.room.participants;
    if changed || before.room.quality != after.room.quality {
        people(&before.room, &after.room, me, events);
    }
    chat(&before.room, &after.room, events);
}

fn people(before: &Room, after: &Room, me: Option<&PeerId>, events: &mut Vec<BridgeEvent>) {
    let mut known = by_id(before);
    for now in &after.participants {
        match known.remove(&now.id) {
            None => {
                if Some(&now.id) != me {
                    events.push(BridgeEvent::NewPeer(person(now)));
                }
                media(MediaState::default(), now, events);
            }
            Some(then) => {
                media(then.media, now, events);
                let (was, is) = (quality(then, before), quality(now, after));
                if was != is {
                    events.push(BridgeEvent::ConnectionQuality {
                        person: person(now),
                        quality: is,
                    });
                }
            }
        }
    }
    let gone = before.participants.iter();
    let gone = gone.filter(|gone| known.contains_key(&gone.id) && Some(&gone.id) != me);
    events.extend(gone.map(|gone| BridgeEvent::PeerClosed(person(gone))));
}

fn by_id(room: &Room) -> HashMap<&PeerId, &Participant> {
    let people = room.participants.iter();
    people.map(|person| (&person.id, person)).collect()
}

fn media(then: MediaState, now: &Participant, events: &mut Vec<BridgeEvent>) {
    type Tell = fn(BridgePerson) -> BridgeEvent;
    let is = now.media;
    let switches: [(bool, bool, Tell, Tell); 3] = [
        (
            then.camera,
            is.camera,
            BridgeEvent::SwitchOnCamera,
            BridgeEvent::SwitchOffCamera,
        ),
        (
            then.microphone,
            is.microphone,
            BridgeEvent::SwitchOnMic,
            BridgeEvent::SwitchOffMic,
        ),
        (
            then.screen,
            is.screen,
            BridgeEvent::SwitchOnShare,
            BridgeEvent::SwitchOffShare,
        ),
    ];
    for (then, now_on, on, off) in switches {
        match (then, now_on) {
            (false, true) => events.push(on(person(now))),
            (true, false) => events.push(off(person(now))),
            _ => {}
        }
    }
}

fn quality(participant: &Participant, room: &Room) -> QualityScore {
    if !participant.connected {
        return QualityScore::Lost;
    }
    let told = room
        .quality
        .iter()
        .find(|(peer, _)| *peer == participant.id);
    told.map_or(QualityScore::Good, |(_, score)| *score)
}

/// Messages that the room has and had not before.
fn chat(before: &Room, after: &Room, events: &mut Vec<BridgeEvent>) {
    let ids = before.chat.iter().map(|line| line.message.id);
    let newest = ids.max().unwrap_or(0);
    let lines = after.chat.iter().map(|line| &line.message);
    for message in lines.filter(|message| message.id > newest) {
        events.push(BridgeEvent::Message {
            id: message.id,
            person: BridgePerson {
                peer_id: message.from.clone(),
                display_name: message.display_name.clone(),
            },
            text: message.text.clone(),
            sent_at: message.sent_at,
        });
    }
}
