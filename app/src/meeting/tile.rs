//! One tile: a camera or a shared screen, with what there is to know about it.

use std::sync::Arc;

use client::{Intent, model::InputState};
use leptos::{prelude::*, web_sys::MediaStream};
use protocol::{QualityScore, Source, TrackRef};

use super::{avatar::Avatar, scene::Picture, stage};
use crate::{
    components::{Icon, StreamVideo},
    state::{Desk, Meeting, Person},
    text::{Text, text},
};

/// Below this width a tile shows less around the picture, in CSS pixels.
const SMALL: f64 = 220.0;

/// A tile in its place.
#[component]
pub(super) fn Tile(track: TrackRef, person: Arc<Person>, picture: Memo<Picture>) -> impl IntoView {
    let is_screen = track.source == Source::Screen;
    let place = stage::place(picture, track.clone());
    let rect = move || place.get().map(|place| place.rect).unwrap_or_default();
    let small = Memo::new(move |_| rect().width < SMALL);
    let shown = shown_name(&person);
    let name = Signal::derive(move || label(text(), is_screen, &shown.get()));
    let has_picture = has_picture(&track, &person);
    let (media, speaking, quality) = (
        person.media.clone(),
        person.speaking.clone(),
        person.quality.clone(),
    );
    let microphone = media.clone();
    let own_screen = person.me && is_screen;
    view! {
        <div
            class="tile"
            role="group"
            aria-label=move || name.get()
            data-peer=person.id.to_string()
            data-source=if is_screen { "screen" } else { "camera" }
            data-me=person.me.then_some("true")
            data-small=move || small.get().then_some("true")
            data-stage=move || place.get().is_some_and(|place| place.on_stage).then_some("true")
            data-speaking=move || (!is_screen && speaking.get()).to_string()
            data-quality=move || quality_name(quality.get())
            data-microphone=move || on_off(microphone.get().microphone)
            data-camera=move || on_off(media.get().camera)
            data-picture=move || has_picture.get().to_string()
            style:inset-inline-start=move || px(rect().x)
            style:inset-block-start=move || px(rect().y)
            style:inline-size=move || px(rect().width)
            style:block-size=move || px(rect().height)
        >
            {(!is_screen).then(|| view! { <Avatar peer=person.id.clone() name=plain_name(&person) /> })}
            <StreamVideo
                stream=stream(track.clone(), person.me, has_picture)
                mirrored=person.me && !is_screen
            />
            {own_screen.then(|| view! { <OwnScreen /> })}
            <NameBar person=Arc::clone(&person) name=name is_screen=is_screen />
            <PinButton track=track name=name />
        </div>
    }
}

/// Name, muted microphone, bad connection.
#[component]
fn NameBar(person: Arc<Person>, name: Signal<String>, is_screen: bool) -> impl IntoView {
    let words = &text().tile;
    let (media, quality) = (person.media.clone(), person.quality.clone());
    let muted = move || {
        let muted = !is_screen && !media.get().microphone;
        muted.then(|| {
            view! {
                <span class="tile__sign" role="img" aria-label=words.muted>
                    <Icon glyph=icondata::LuMicOff />
                </span>
            }
        })
    };
    let connection = move || {
        let (words, glyph) = match quality.get() {
            QualityScore::Good => return None,
            QualityScore::Fair => (words.fair, icondata::LuSignalMedium),
            QualityScore::Poor => (words.poor, icondata::LuSignalLow),
            QualityScore::Lost => (words.lost, icondata::LuWifiOff),
        };
        Some(view! {
            <span class="tile__sign tile__sign--connection" role="img" aria-label=words title=words>
                <Icon glyph=glyph />
            </span>
        })
    };
    view! {
        <div class="tile__bar">
            {muted} <span class="tile__name" dir="auto">
                {move || name.get()}
            </span> {connection}
        </div>
    }
}

/// Puts the tile on the stage, or back.
#[component]
fn PinButton(track: TrackRef, name: Signal<String>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().tile;
    let pinned = {
        let track = track.clone();
        Memo::new(move |_| desk.pinned.with(|pinned| pinned.as_ref() == Some(&track)))
    };
    let label = move || {
        name.with(|name| match pinned.get() {
            true => (words.unpin)(name),
            false => (words.pin)(name),
        })
    };
    view! {
        <button
            type="button"
            class="tile__pin"
            data-pinned=move || pinned.get().then_some("true")
            aria-label=label
            title=label
            on:click=move |_| desk.toggle_pin(&track)
        >
            {move || match pinned.get() {
                true => view! { <Icon glyph=icondata::LuPinOff /> },
                false => view! { <Icon glyph=icondata::LuPin /> },
            }}
        </button>
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

/// Whether there is a picture to show now.
fn has_picture(track: &TrackRef, person: &Arc<Person>) -> Memo<bool> {
    let store = Meeting::expect().store;
    let (track, person) = (track.clone(), Arc::clone(person));
    Memo::new(move |_| {
        let on = person.media.get().is_on(track.source);
        match (person.me, track.source) {
            (true, Source::Camera) => store.camera.with(|camera| camera.state == InputState::On),
            (true, _) => on,
            (false, _) => on && store.videos.with(|videos| videos.contains(&track)),
        }
    })
}

fn stream(
    track: TrackRef,
    me: bool,
    has_picture: Memo<bool>,
) -> impl Fn(()) -> Option<MediaStream> + Send + Sync + 'static {
    let meeting = Meeting::expect();
    move |()| {
        meeting.store.streams.track();
        if !has_picture.get() {
            return None;
        }
        if me && track.source == Source::Camera {
            return meeting.preview_stream();
        }
        meeting.video_stream(&track)
    }
}

/// The name, or the word for somebody who gave none.
fn plain_name(person: &Arc<Person>) -> Signal<String> {
    let name = person.name.clone();
    Signal::derive(move || name.with(|name| name.as_str().to_owned()))
}

/// A participant's name as others read it, one's own marked.
pub(super) fn shown_name(person: &Arc<Person>) -> Signal<String> {
    let (name, me) = (person.name.clone(), person.me);
    let common = &text().common;
    Signal::derive(move || {
        name.with(|name| {
            let name = match name.as_str() {
                "" => common.guest,
                name => name,
            };
            if me {
                (common.you)(name)
            } else {
                name.to_owned()
            }
        })
    })
}

fn label(words: &Text, is_screen: bool, name: &str) -> String {
    if is_screen {
        (words.tile.screen_of)(name)
    } else {
        name.to_owned()
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

fn px(length: f64) -> String {
    format!("{length}px")
}
