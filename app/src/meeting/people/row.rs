//! One person in the list: name, what they are, what they have on.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{PeerId, QualityScore, Role, Source, TrackRef};

use super::{
    listed::{Seat, Watching},
    order::Hands,
    waiting::named,
};
use crate::{
    browser::languages,
    components::Icon,
    meeting::{
        avatar::{Avatar, hue},
        moderation::MenuButton,
        tile::{PinButton, plain_name, shown_name},
    },
    state::{Meeting, Person},
    text::text,
};

/// Somebody on stage.
#[component]
pub(super) fn Row(seat: Seat) -> impl IntoView {
    let store = Meeting::expect().store;
    let person = seat.0;
    let name = shown_name(&person);
    let hand = hand_of(person.id.clone());
    let track = TrackRef {
        peer: person.id.clone(),
        source: Source::Camera,
    };
    let (peer, me) = (person.id.clone(), person.me);
    let leads = Memo::new(move |_| store.leads());
    let button = move || match leads.get() && !me {
        true => view! { <MenuButton peer=peer.clone() name=name /> }.into_any(),
        false => {
            view! { <PinButton class="icon-button" track=track.clone() name=name /> }.into_any()
        }
    };
    view! {
        <Avatar hue=hue(&person.id) name=plain_name(&person) />
        <div class="person__who">
            <span class="person__name" dir="auto">
                {move || name.get()}
            </span>
            <Badge person=Arc::clone(&person) />
        </div>
        <Hand number=hand />
        <Signs person=person />
        {button}
    }
}

/// A viewer, as moderators see them.
#[component]
pub(super) fn ViewerRow(watching: Watching) -> impl IntoView {
    let Watching { id, name: given } = watching;
    let name = named(&given);
    view! {
        <Avatar hue=hue(&id) name=given.as_str().to_owned() />
        <div class="person__who">
            <span class="person__name" dir="auto">
                {name.clone()}
            </span>
        </div>
        <Hand number=hand_of(id.clone()) />
        <MenuButton peer=id name=Signal::stored(name) />
    }
}

/// The number of somebody's raised hand.
fn hand_of(id: PeerId) -> Signal<Option<usize>> {
    let hands = expect_context::<Memo<Hands>>();
    Signal::derive(move || hands.with(|hands| hands.get(&id).copied()))
}

/// What somebody is, if it is more than a participant.
#[component]
fn Badge(person: Arc<Person>) -> impl IntoView {
    let words = &text().people;
    let (role, language) = (person.role.clone(), person.language.clone());
    let says = move || match role.get() {
        Role::Moderator => Some(words.moderator.to_owned()),
        Role::Interpreter => Some(match language.get() {
            Some(tag) => words.interprets.with(languages::own_name(&tag)),
            None => words.interpreter.to_owned(),
        }),
        Role::Participant | Role::Viewer => None,
    };
    move || says().map(|says| view! { <span class="person__badge">{says}</span> })
}

/// A raised hand with its place in the row of hands.
#[component]
fn Hand(number: Signal<Option<usize>>) -> impl IntoView {
    let words = &text().people;
    move || {
        number.get().map(|number| {
            let label = words.hand.with(number.to_string());
            view! {
                <span class="person__hand" role="img" aria-label=label.clone() title=label>
                    <Icon glyph=icondata::LuHand />
                    <span aria-hidden="true">{number}</span>
                </span>
            }
        })
    }
}

/// What is on, and whether the connection is there.
#[component]
fn Signs(person: Arc<Person>) -> impl IntoView {
    let words = &text().people;
    let (media, quality) = (person.media.clone(), person.quality.clone());
    let signs = move || {
        let media = media.get();
        let lost = quality.get() == QualityScore::Lost;
        [
            lost.then_some((words.lost, icondata::LuWifiOff)),
            media
                .screen
                .then_some((words.sharing, icondata::LuScreenShare)),
            Some(match media.microphone {
                true => (words.microphone_on, icondata::LuMic),
                false => (words.microphone_off, icondata::LuMicOff),
            }),
            Some(match media.camera {
                true => (words.camera_on, icondata::LuVideo),
                false => (words.camera_off, icondata::LuVideoOff),
            }),
        ]
        .into_iter()
        .flatten()
        .map(|(label, glyph)| {
            view! {
                <span class="person__sign" role="img" aria-label=label title=label>
                    <Icon glyph=glyph />
                </span>
            }
        })
        .collect_view()
    };
    view! { <span class="person__signs">{signs}</span> }
}
