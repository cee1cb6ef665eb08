//! The streams that a page shows: one per video track, for as long as it has a slot.
//!
//! A track keeps its stream when it moves to another slot, so a `<video>` that
//! shows it needs no care; and a slot that gets another track gives it a new
//! stream, so nobody's last picture is seen under another name.

use std::collections::HashMap;

use protocol::TrackRef;
use web_sys::{MediaStream, MediaStreamTrack};

use super::connection::Connection;
use crate::slots::SlotTable;

#[derive(Default)]
pub(crate) struct Streams {
    shown: HashMap<TrackRef, (MediaStream, MediaStreamTrack)>,
}

impl Streams {
    /// Makes the streams what the slots say.
    pub(crate) fn reconcile(&mut self, slots: &SlotTable, connection: Option<&Connection>) {
        let actual: HashMap<&TrackRef, MediaStreamTrack> = slots
            .videos()
            .filter_map(|(mid, track)| Some((track, connection?.slot_track(mid)?)))
            .collect();
        self.shown.retain(|track, _| actual.contains_key(track));
        for (track, carrier) in actual {
            match self.shown.get_mut(track) {
                None => {
                    if let Some(stream) = stream_of(&carrier) {
                        self.shown.insert(track.clone(), (stream, carrier));
                    }
                }
                Some((_, present)) if *present == carrier => {}
                Some((stream, present)) => {
                    stream.remove_track(present);
                    stream.add_track(&carrier);
                    *present = carrier;
                }
            }
        }
    }

    pub(crate) fn of(&self, track: &TrackRef) -> Option<MediaStream> {
        self.shown.get(track).map(|(stream, _)| same_stream(stream))
    }
}

/// A stream of one track.
pub(crate) fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    let stream = MediaStream::new().ok()?;
    stream.add_track(track);
    Some(stream)
}

/// A further reference to a stream. (`stream.clone()` would be the browser's
/// own `clone`, which makes another stream with other tracks.)
pub(crate) fn same_stream(stream: &MediaStream) -> MediaStream {
    Clone::clone(stream)
}

/// A further reference to a track. (`track.clone()` would be the browser's own
/// `clone`: a track that has to be stopped on its own.)
pub(crate) fn same_track(track: &MediaStreamTrack) -> MediaStreamTrack {
    Clone::clone(track)
}
