//! Whether a tile has a picture, and its stream.

use std::sync::Arc;

use client::model::InputState;
use leptos::{prelude::*, web_sys::MediaStream};
use protocol::{Source, TrackRef};

use crate::state::{Meeting, Person};

/// Whether there is a picture to show now.
pub(super) fn has_picture(track: &TrackRef, person: &Arc<Person>) -> Memo<bool> {
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

pub(super) fn stream(
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
