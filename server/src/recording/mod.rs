//! Recordings: which rooms are recorded, who asked for it, and what became of
//! them.
//!
//! One task, the *desk*, owns all recordings of this server. Rooms tell it
//! whether anybody is there, moderators and integrators what they wish. What
//! everybody may know of it stands in a [`View`], which is read without
//! asking; the *herald* tells rooms what changed there.
//!
//! Browsers, files and videos are the `recorder` crate's, SQL is `db`'s.

mod base;
mod desk;
mod finishing;
mod grant;
mod herald;
pub(crate) mod ingest;
mod leftovers;
mod media;
mod progress;
mod reached;
pub(crate) mod store;
mod take_over;
mod times;
mod view;

use std::sync::Arc;

use protocol::{NoRecording, Recording};
use tokio::sync::{mpsc, oneshot, watch};

use crate::room_key::RoomKey;

pub use view::{Run, View};

pub(crate) use base::{Base, BaseError};
pub(crate) use base::{check_storage, tools};
pub(crate) use desk::Desk;
use desk::Message;
pub(crate) use grant::BadGrant;
pub(crate) use media::{DeleteError, Media};
pub use store::OpenError;
pub(crate) use store::{Health, Store, Trouble, VideoFile};
pub use times::{Delays, Due, Times};

/// How much may wait for the desk. When it is full, rooms say later whether
/// anybody is there, and who asks waits.
const QUEUE: usize = 1_024;

/// Who wished a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartedBy {
    /// A moderator in the room.
    Moderator,
    /// An integrator, by REST.
    Api,
    /// The tenant's settings.
    Auto,
}

impl StartedBy {
    /// For tables and logs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Api => "api",
            Self::Auto => "auto",
        }
    }
}

/// A handle on the recordings.
#[derive(Debug, Clone)]
pub struct Recordings {
    desk: mpsc::Sender<Message>,
    view: watch::Receiver<Arc<View>>,
    media: Media,
}

/// The desk has more to hear than it may hold: say it later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the recordings are behind")]
pub struct Behind;

impl Recordings {
    /// What everybody may know right now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.borrow())
    }

    /// The same, and each change of it.
    pub(crate) fn views(&self) -> watch::Receiver<Arc<View>> {
        self.view.clone()
    }

    /// Starts to record a room, or gives the recording that runs already: there
    /// is one at a time.
    ///
    /// # Errors
    /// Says why there is none.
    pub async fn start(&self, room: &RoomKey, by: StartedBy) -> Result<Recording, NoRecording> {
        let (reply, answer) = oneshot::channel();
        let room = room.clone();
        // without a desk the server is about to stop
        let asked = self.desk.send(Message::Start { room, by, reply }).await;
        asked.map_err(|_| NoRecording::Off)?;
        answer.await.unwrap_or(Err(NoRecording::Off))
    }

    /// Stops to record a room. Gives the recording, if one was running.
    pub async fn stop(&self, room: &RoomKey) -> Option<Recording> {
        let (reply, answer) = oneshot::channel();
        let room = room.clone();
        let asked = self.desk.send(Message::Stop { room, reply }).await;
        asked.ok()?;
        answer.await.ok().flatten()
    }

    /// The files of videos, and who may see them.
    pub(crate) fn media(&self) -> &Media {
        &self.media
    }

    /// Lets go of all browsers: the next server goes on.
    pub(crate) async fn quit(&self) {
        let (done, quit) = oneshot::channel();
        if self.desk.send(Message::Quit(done)).await.is_ok() {
            // an error means that the desk is gone, which is what is wanted
            quit.await.ok();
        }
    }

    /// Says whether anybody is in a room. Never waits.
    ///
    /// # Errors
    /// When the desk is behind; then it has to be said again.
    pub(crate) fn attended(&self, room: &RoomKey, attended: bool) -> Result<(), Behind> {
        let room = room.clone();
        match self.desk.try_send(Message::Attended { room, attended }) {
            // the server stops: nobody needs to know
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Err(Behind),
        }
    }

    /// Says that a room ended by a fault. Waits while the desk is behind.
    pub(crate) async fn left_alone(&self, room: &RoomKey) {
        let (room, attended) = (room.clone(), false);
        // without a desk the server is about to stop
        drop(self.desk.send(Message::Attended { room, attended }).await);
    }
}
