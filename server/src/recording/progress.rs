//! What becomes of a recording that runs: its pages, its parts, its videos, its
//! end.
//!
//! A fault of the database stops nothing that happens outside of it. What it
//! did not keep is found again at the next start.

use std::time::Duration;

use ::recorder::{Event, FinishError, session::End};
use protocol::{PeerId, RecordingState, StoreTrouble};
use tokio::time::sleep;
use tracing::{debug, error, info};

use super::{
    Run,
    desk::{Desk, Happening, random},
    finishing::{self, Made, Volume, Workshop},
};
use crate::{
    clock::{Now, UnixMillis},
    db::StoredPart,
    journal::Notice,
};

/// Every how many percent integrators hear of the progress.
const TELL_EVERY: u8 = 25;
/// The pause after the database did not take something.
const ASK_AGAIN: Duration = Duration::from_secs(2);

impl Desk {
    pub(super) async fn happening(&mut self, id: &str, happening: Happening) {
        let kept = match happening {
            Happening::Event(event) => self.event(id, event).await,
            Happening::Progress(percent) => {
                self.delayed(id, None);
                self.progress(id, percent).await
            }
            Happening::Delayed(trouble) => {
                self.delayed(id, Some(trouble));
                Ok(())
            }
            Happening::Unkept => self.keep(id).await,
            Happening::Unknown(volume) => {
                if let Some(open) = self.open.get_mut(id) {
                    open.finishing.remove(&volume);
                }
                self.finish(id, volume).await
            }
            Happening::Finished(volume, result) => self.finished(id, volume, result).await,
        };
        if let Err(error) = kept {
            error!(recording = id, %error, "The state of a recording could not be kept");
        }
    }

    async fn event(&mut self, id: &str, event: Event) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get_mut(id) else {
            return Ok(());
        };
        match event {
            Event::Launching { token, address } => {
                let url = self.base.page(&open.room, &token);
                self.new_page(id, token);
                // the recording may have ended meanwhile
                address.send(url).ok();
            }
            Event::Launched { process } => debug!(recording = id, process, "Browser started"),
            // one that goes on after a restart has been told of
            Event::Live if open.state == RecordingState::Recording => {}
            Event::Live => self.reach(id, RecordingState::Recording, None).await?,
            Event::Opened { part, at } => {
                let part = StoredPart {
                    volume: part.volume,
                    part: part.part,
                    at: UnixMillis::new(at),
                };
                open.parts.push(part);
                self.base.database.add_part(id, part).await?;
            }
            Event::Closed { part, bytes } => {
                let database = &self.base.database;
                database
                    .close_part(id, part.volume, part.part, bytes)
                    .await?;
            }
            Event::VolumeOver { volume } => self.finish(id, volume).await?,
            Event::Over(why) => self.over(id, why).await?,
        }
        Ok(())
    }

    /// From now on this page is the recording's, and no other.
    fn new_page(&mut self, id: &str, token: String) {
        let Some(open) = self.open.get_mut(id) else {
            return;
        };
        let run = Run {
            room: open.room.clone(),
            peer: random_peer(),
            handle: open.handle.clone(),
        };
        let old = open.token.replace(token.clone());
        self.change(|view| {
            old.and_then(|old| view.runs.remove(&old));
            view.runs.insert(token, run);
        });
    }

    /// Lets the video of a volume be made.
    pub(super) async fn finish(&mut self, id: &str, volume: u32) -> Result<(), sqlx::Error> {
        let (Some(open), Some(recorder)) = (self.open.get_mut(id), self.recorder.clone()) else {
            return Ok(());
        };
        let parts: Vec<StoredPart> = open
            .parts
            .iter()
            .copied()
            .filter(|part| part.volume == volume)
            .collect();
        let Some(first) = parts.first() else {
            return Ok(());
        };
        if !open.finishing.insert(volume) {
            return Ok(());
        }
        let name = finishing::name(&open.room, first.at, volume);
        let database = &self.base.database;
        let added = database.add_video(id, &open.room, volume, &name, first.at);
        let video = match added.await {
            Ok(video) => video,
            Err(error) => {
                // until then the recording is not over
                self.ask_again(id, Happening::Unknown(volume));
                return Err(error);
            }
        };
        let work = Volume {
            recording: id.to_owned(),
            volume,
            video,
            parts,
        };
        let workshop = Workshop {
            recorder,
            database: self.base.database.clone(),
            store: self.base.store.clone(),
            to: self.happened.clone(),
        };
        tokio::spawn(workshop.run(work));
        Ok(())
    }

    async fn over(&mut self, id: &str, why: End) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get_mut(id) else {
            return Ok(());
        };
        open.handle = None;
        let (room, token) = (open.room.clone(), open.token.take());
        info!(room = %room, ?why, "Recording is over");
        self.running.remove(&room);
        self.times.decided(&room);
        self.change(|view| drop(token.and_then(|token| view.runs.remove(&token))));
        let now = Now::read().unix;
        // the browser is gone, whatever the database says
        let kept = self.reach(id, RecordingState::Processing, Some(now)).await;
        self.conclude(id).await.and(kept)
    }

    /// What keeps a recording's video from its store; none: it goes on.
    fn delayed(&self, id: &str, trouble: Option<StoreTrouble>) {
        if self.view.borrow().delay(id) != trouble {
            self.change(|view| match trouble {
                Some(trouble) => drop(view.delays.insert(id.to_owned(), trouble)),
                None => drop(view.delays.remove(id)),
            });
        }
    }

    async fn progress(&mut self, id: &str, percent: u8) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get_mut(id) else {
            return Ok(());
        };
        // of several volumes the last one counts
        if open.state != RecordingState::Processing || open.progress == Some(percent) {
            return Ok(());
        }
        let step = |percent: Option<u8>| percent.map(|percent| percent / TELL_EVERY);
        let is_news = step(open.progress) != step(Some(percent));
        open.progress = Some(percent);
        // not before the state that it is the progress of
        let is_news = is_news && open.unkept.is_empty();
        let (room, told) = (open.room.clone(), open.told(id));
        self.show(id);
        if is_news {
            self.base.journal.say(&room, Notice::Recording(told)).await;
        }
        Ok(())
    }

    async fn finished(
        &mut self,
        id: &str,
        volume: u32,
        result: Result<Made, FinishError>,
    ) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get_mut(id) else {
            return Ok(());
        };
        let is_made = result.is_ok();
        let kept = self.base.keep_video(id, volume, result).await;
        if kept.is_err() {
            // what was made is found again; until then the recording is not over
            self.ask_again(id, Happening::Unknown(volume));
            return kept;
        }
        open.finishing.remove(&volume);
        open.has_video |= is_made;
        self.delayed(id, None);
        self.conclude(id).await
    }

    /// Ends a recording whose videos are there.
    pub(super) async fn conclude(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get(id) else {
            return Ok(());
        };
        if open.state != RecordingState::Processing || !open.finishing.is_empty() {
            return Ok(());
        }
        let state = if open.has_video {
            RecordingState::Ready
        } else {
            RecordingState::Failed
        };
        self.reach(id, state, None).await
    }

    /// Lets everybody see how far a recording is. Of a room's recordings the
    /// one that runs counts.
    pub(super) fn show(&mut self, id: &str) {
        let Some(open) = self.open.get(id) else {
            return;
        };
        let another = self
            .running
            .get(&open.room)
            .is_some_and(|running| running != id);
        let (room, told) = (open.room.clone(), open.told(id));
        if !another {
            self.change(|view| drop(view.recordings.insert(room, told)));
        }
    }

    /// Tries again after a while what the database did not take.
    pub(super) fn ask_again(&self, id: &str, happening: Happening) {
        let (id, to) = (id.to_owned(), self.happened.clone());
        tokio::spawn(async move {
            sleep(ASK_AGAIN).await;
            // without a desk the next server does it
            to.send((id, happening)).await.ok();
        });
    }
}

fn random_peer() -> PeerId {
    PeerId::parse(&random(20)).expect("letters and digits make a participant id")
}
