//! The list of people.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{QualityScore, Source, TrackRef};

use super::{
    avatar::{Avatar, hue},
    panel::PanelFrame,
    tile::{PinButton, plain_name, shown_name},
};
use crate::{
    components::{CopyButton, Icon},
    state::{Meeting, Person},
    text::text,
};

/// Everybody in the meeting, oneself included.
#[component]
pub(super) fn People() -> impl IntoView {
    let store = Meeting::expect().store;
    let words = text();
    let link = |()| window().location().href().unwrap_or_default();
    view! {
        <PanelFrame title=words.meeting.people>
            <p class="people__count">
                {move || (words.meeting.people_count)(store.people.with(Vec::len))}
            </p>
            <ul class="people">
                <For
                    each=move || store.people.get()
                    key=|person| (person.id.clone(), person.me)
                    children=|person| view! { <Row person=person /> }
                />
            </ul>
            <div class="panel__foot">
                <CopyButton what=link label=words.common.copy_link />
            </div>
        </PanelFrame>
    }
}

/// One of them.
#[component]
fn Row(person: Arc<Person>) -> impl IntoView {
    let name = shown_name(&person);
    let track = TrackRef {
        peer: person.id.clone(),
        source: Source::Camera,
    };
    view! {
        <li class="person">
            <Avatar hue=hue(&person.id) name=plain_name(&person) />
            <span class="person__name" dir="auto">
                {move || name.get()}
            </span>
            <Signs person=person />
            <PinButton class="icon-button" track=track name=name />
        </li>
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
