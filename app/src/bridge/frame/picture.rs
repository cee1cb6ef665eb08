//! Pictures of participants.

use std::time::Duration;

use client::{Intent, model::Model};
use protocol::{BridgeError, BridgeFault, Source, TrackRef};

use super::{Frame, wait::within};
use crate::bridge::changes::is_inside;

/// A video that is on comes within a second or two, or its connection is bad.
/// More makes the page wait longer for nothing; less gives up too soon.
const PATIENCE: Duration = Duration::from_secs(10);

/// What there is to see of somebody.
enum Sight {
    Nobody,
    Nothing,
    Track(TrackRef),
}

impl Frame {
    /// A picture of somebody's camera, or of their screen while the camera is
    /// off. Who is not on the page is sent for that moment.
    pub(super) async fn picture(&self, peer: &str) -> Result<String, BridgeError> {
        let track = match self.look(|model| sight(model, peer))? {
            Sight::Nobody => return Err(self.nobody()),
            Sight::Nothing => return Err(no_video()),
            Sight::Track(track) => track,
        };
        self.glance(&track, 1);
        let picture = within(PATIENCE, self.take_picture(&track)).await;
        self.glance(&track, -1);
        picture.unwrap_or_else(|| Err(no_video()))
    }

    async fn take_picture(&self, track: &TrackRef) -> Result<String, BridgeError> {
        self.until(|model| {
            let there = model.room.videos.contains(track);
            match sight(model, track.peer.as_str()) {
                Sight::Track(now) if now == *track => there.then_some(Ok(())),
                _ => Some(Err(no_video())),
            }
        })
        .await?;
        let engine = self.meeting.engine();
        let picture = match &engine {
            Some(engine) => engine.picture(track).await,
            None => None,
        };
        picture.ok_or_else(no_video)
    }

    /// Has those sent of whom a picture is wanted, as long as one call wants it.
    fn glance(&self, track: &TrackRef, more: i32) {
        let mut glances = self.glances.borrow_mut();
        *glances.entry(track.clone()).or_default() += more;
        glances.retain(|_, calls| *calls > 0);
        let tracks = glances.keys().cloned().collect();
        drop(glances);
        self.send(Intent::Glance(tracks));
    }
}

fn sight(model: &Model, peer: &str) -> Sight {
    let mut people = model.room.participants.iter();
    let one = people.find(|one| one.id.as_str() == peer);
    let Some(one) = one.filter(|_| is_inside(model)) else {
        return Sight::Nobody;
    };
    let sources = [Source::Camera, Source::Screen];
    let source = sources.into_iter().find(|source| one.media.is_on(*source));
    source.map_or(Sight::Nothing, |source| {
        Sight::Track(TrackRef {
            peer: one.id.clone(),
            source,
        })
    })
}

fn no_video() -> BridgeError {
    BridgeError::new(
        BridgeFault::NoVideo,
        "there is no picture of this participant",
    )
}
