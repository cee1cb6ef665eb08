//! One tile: a camera or a shared screen, with what there is to know about it.

mod bar;
mod name;
mod picture;
mod pin;

use std::sync::Arc;

use client::Intent;
use leptos::prelude::*;
use protocol::{QualityScore, Source, TrackRef};

use super::{
    avatar::{Avatar, hue},
    scene::Picture,
    stage,
};
use crate::{
    browser::language::{self, translated},
    components::StreamVideo,
    page::Page,
    state::{Desk, Meeting, Person},
    text::text,
};
use bar::NameBar;
use picture::{has_picture, stream};

pub(super) use name::{plain_name, shown_name};
pub(super) use pin::PinButton;

/// Below this width a tile shows less around the picture, in CSS pixels.
const SMALL: f64 = 220.0;

/// A tile in its place. Its words follow the language by themselves: made anew,
/// its picture would blink.
#[component]
pub(super) fn Tile(track: TrackRef, person: Arc<Person>, picture: Memo<Picture>) -> impl IntoView {
    let is_screen = track.source == Source::Screen;
    let place = stage::place(picture, track.clone());
    let rect = move || place.get().map(|place| place.rect).unwrap_or_default();
    let small = Memo::new(move |_| rect().width < SMALL);
    let name = name::tile_name(&person, is_screen);
    let has_picture = has_picture(&track, &person);
    let (media, speaking, quality) = (
        person.media.clone(),
        person.speaking.clone(),
        person.quality.clone(),
    );
    let microphone = media.clone();
    let own_screen = person.me && is_screen;
    let desk = expect_context::<Desk>();
    let hidden = Page::expect().indicators_hidden;
    let pinned = track.clone();
    let (id, me) = (person.id.to_string(), person.me);
    view! {
        <div
            class="tile"
            role="group"
            aria-label=move || name.get()
            data-peer=id
            data-source=if is_screen { "screen" } else { "camera" }
            data-me=me.then_some("true")
            data-small=move || small.get().then_some("true")
            data-stage=move || place.get().is_some_and(|place| place.on_stage).then_some("true")
            data-speaking=move || (!is_screen && speaking.get()).to_string()
            data-quality=move || quality_name(quality.get())
            data-microphone=move || on_off(microphone.get().microphone)
            data-camera=move || on_off(media.get().camera)
            data-picture=move || has_picture.get().to_string()
            on:dblclick=move |_| desk.toggle_pin(&pinned)
            style:inset-inline-start=move || px(rect().x)
            style:inset-block-start=move || px(rect().y)
            style:inline-size=move || px(rect().width)
            style:block-size=move || px(rect().height)
        >
            {(!is_screen).then(|| view! { <Avatar hue=hue(&person.id) name=plain_name(&person) /> })}
            <StreamVideo
                stream=stream(track.clone(), me, has_picture)
                mirrored=me && !is_screen
            />
            {own_screen.then(|| translated(|| view! { <OwnScreen /> }))}
            {move || {
                language::track();
                let (person, track) = (Arc::clone(&person), track.clone());
                (!hidden.get())
                    .then(|| {
                        view! {
                            <NameBar person=person name=name is_screen=is_screen />
                            <PinButton class="tile__pin" track=track name=name />
                        }
                    })
            }}
        </div>
    }
}

/// Over one's own screen: that it is shared, and how to end that.
#[component]
fn OwnScreen() -> impl IntoView {
    let meeting = Meeting::expect();
    let words = text();
    view! {
        <div class="tile__own-screen">
            <p>{words.tile.own_screen}</p>
            <button type="button" class="button" on:click=move |_| meeting.send(Intent::SetScreen(false))>
                {words.meeting.stop_sharing}
            </button>
        </div>
    }
}

fn quality_name(score: QualityScore) -> &'static str {
    match score {
        QualityScore::Lost => "lost",
        QualityScore::Poor => "poor",
        QualityScore::Fair => "fair",
        QualityScore::Good => "good",
    }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// A length for the style, in whole pixels: the layout knows no others.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a tile is between 0 and some thousand pixels large"
)]
pub(super) fn px(length: f64) -> String {
    format!("{}px", length as i32)
}
