//! The task that owns all recordings of this server.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use ::recorder::{Event, FinishError, Folder, Handle, Job, NoRoom, Recorder, session::Before};
use protocol::{NoRecording, Recording, RecordingState, StoreTrouble};
use rand::{Rng, distr::Alphanumeric};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until},
};
use tracing::{error, info, warn};

use super::{
    Base, QUEUE, Recordings, StartedBy, View,
    finishing::Made,
    herald,
    reached::Reached,
    times::{Due, Times},
};
use crate::{
    clock::{Now, UnixMillis},
    db::{StoredPart, StoredRecording},
    room::Registry,
    room_key::RoomKey,
};

/// Letters of the id of a recording.
const ID_LENGTH: usize = 16;
/// How often old videos are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);
/// How long the desk sleeps when nothing is due. Any time will do.
const IDLE: Duration = Duration::from_secs(3_600);

/// What the desk is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Somebody wishes that a room is recorded.
    Start {
        room: RoomKey,
        by: StartedBy,
        reply: oneshot::Sender<Result<Recording, NoRecording>>,
    },
    /// Somebody wishes that it is not any more.
    Stop {
        room: RoomKey,
        reply: oneshot::Sender<Option<Recording>>,
    },
    /// Somebody is in a room, or nobody any more.
    Attended { room: RoomKey, attended: bool },
    /// The server stops: let go of all browsers.
    Quit(oneshot::Sender<()>),
}

/// What happens to recordings.
pub(super) enum Happening {
    /// Of the browser.
    Event(Event),
    /// A video is being made, in percent.
    Progress(u8),
    /// The store does not take a video yet.
    Delayed(StoreTrouble),
    /// The database did not take the video of a volume a moment ago.
    Unknown(u32),
    /// The database did not take how far the recording is a moment ago.
    Unkept,
    /// A volume's video is there, or will not be.
    Finished(u32, Result<Made, FinishError>),
}

/// A recording that is not over.
pub(super) struct Open {
    pub(super) room: RoomKey,
    pub(super) state: RecordingState,
    /// The states that the database does not have yet, three at most.
    pub(super) unkept: VecDeque<Reached>,
    pub(super) since: UnixMillis,
    pub(super) progress: Option<u8>,
    /// Of the browser, while it records.
    pub(super) handle: Option<Handle>,
    /// Of the browser's page.
    pub(super) token: Option<String>,
    pub(super) parts: Vec<StoredPart>,
    /// Volumes whose videos are being made.
    pub(super) finishing: HashSet<u32>,
    /// At least one video is there.
    pub(super) has_video: bool,
}

/// The task that owns all recordings of this server.
pub(crate) struct Desk {
    inbox: mpsc::Receiver<Message>,
    pub(super) view: watch::Sender<Arc<View>>,
    pub(super) base: Base,
    pub(super) recorder: Option<Recorder>,
    /// Of which rooms recordings run, by their ids.
    pub(super) running: HashMap<RoomKey, String>,
    pub(super) open: HashMap<String, Open>,
    pub(super) times: Times,
    pub(super) happened: mpsc::Sender<(String, Happening)>,
    happens: mpsc::Receiver<(String, Happening)>,
}

impl Desk {
    /// The desk, and the handle on it. It listens from [`Desk::run`] on.
    pub(crate) fn new(base: Base) -> (Self, Recordings) {
        let (desk, inbox) = mpsc::channel(QUEUE);
        let (happened, happens) = mpsc::channel(QUEUE);
        let (recorder, first) = base.find_recorder();
        let (view_sender, view) = watch::channel(Arc::new(first));
        let recordings = Recordings {
            desk,
            view,
            media: base.media(),
        };
        let desk = Self {
            inbox,
            view: view_sender,
            times: Times::new(base.delays()),
            base,
            recorder,
            running: HashMap::new(),
            open: HashMap::new(),
            happened,
            happens,
        };
        (desk, recordings)
    }

    /// Runs until all handles are gone or it is told to quit.
    pub(crate) async fn run(mut self, registry: Registry) {
        let herald = tokio::spawn(herald::run(registry, self.view.subscribe()));
        self.base.clear_leftovers().await;
        if let Some(recorder) = &self.recorder {
            recorder.sweep();
        }
        if let Err(error) = self.take_over().await {
            error!(%error, "The recordings of the last server could not be read");
        }
        let watch = tokio::spawn(self.base.store.clone().watch_over());
        let mut sweep = Instant::now();
        loop {
            let due = self
                .times
                .next()
                .map_or(Instant::now() + IDLE, Instant::from_std);
            tokio::select! {
                message = self.inbox.recv() => match message {
                    Some(Message::Quit(done)) => {
                        // who asked may have gone
                        done.send(()).ok();
                        break;
                    }
                    Some(message) => self.handle(message).await,
                    None => break,
                },
                Some((id, happening)) = self.happens.recv() => self.happening(&id, happening).await,
                () = sleep_until(due) => self.due().await,
                () = sleep_until(sweep) => {
                    sweep = Instant::now() + SWEEP_EVERY;
                    self.base.forget_old().await;
                }
            }
        }
        herald.abort();
        watch.abort();
    }

    async fn handle(&mut self, message: Message) {
        match message {
            Message::Start { room, by, reply } => {
                let started = self.start(room, by).await;
                // who asked may have gone
                reply.send(started).ok();
            }
            Message::Stop { room, reply } => {
                let stopped = self.stop(&room).await;
                reply.send(stopped).ok();
            }
            Message::Attended { room, attended } => self.attended(room, attended),
            Message::Quit(_) => {}
        }
    }

    async fn start(&mut self, room: RoomKey, by: StartedBy) -> Result<Recording, NoRecording> {
        if let Some(recording) = self.of(&room) {
            return Ok(recording);
        }
        let Some(recorder) = self.recorder.clone() else {
            return Err(self.view.borrow().no_recording.unwrap_or(NoRecording::Off));
        };
        recorder.admit(self.running.len()).map_err(refused)?;
        let stored = StoredRecording {
            id: random_id(),
            room: room.clone(),
            state: RecordingState::Starting,
            created_at: Now::read().unix,
        };
        let kept = self.base.database.add_recording(&stored, by.name()).await;
        kept.map_err(|error| {
            error!(%error, "A recording could not be kept");
            NoRecording::Unknown
        })?;
        self.times.decided(&room);
        info!(room = %room, by = by.name(), "Recording starts");
        self.record(recorder, stored, Vec::new());
        self.of(&room).ok_or(NoRecording::Unknown)
    }

    /// Starts the browser of a recording that begins or goes on.
    pub(super) fn record(
        &mut self,
        recorder: Recorder,
        stored: StoredRecording,
        parts: Vec<StoredPart>,
    ) {
        let before = parts.last().map(|last| Before {
            volume: last.volume,
            parts: last.part,
        });
        let folder = Folder::of(&recorder.settings().folder, &stored.id);
        let (handle, events) = ::recorder::record(recorder, Job { folder, before });
        tokio::spawn(forward(stored.id.clone(), events, self.happened.clone()));
        self.running.insert(stored.room.clone(), stored.id.clone());
        let open = Open {
            room: stored.room,
            state: stored.state,
            unkept: VecDeque::new(),
            since: stored.created_at,
            progress: None,
            handle: Some(handle),
            token: None,
            parts,
            finishing: HashSet::new(),
            has_video: false,
        };
        self.open.insert(stored.id.clone(), open);
        self.show(&stored.id);
    }

    /// Ends the browser of a room's recording. Its videos follow.
    async fn stop(&mut self, room: &RoomKey) -> Option<Recording> {
        let id = self.running.get(room)?.clone();
        self.times.decided(room);
        let handle = self.open.get(&id)?.handle.clone()?;
        handle.stop().await;
        self.of(room)
    }

    fn of(&self, room: &RoomKey) -> Option<Recording> {
        let id = self.running.get(room)?;
        self.open.get(id).map(|open| open.told(id))
    }

    fn attended(&mut self, room: RoomKey, attended: bool) {
        let now = Instant::now().into_std();
        let recorded = self.running.contains_key(&room);
        if attended {
            let auto = !recorded && self.recorder.is_some() && self.base.records_all(&room);
            self.times.somebody_came(&room, auto, now);
        } else {
            self.times.everybody_left(&room, recorded, now);
        }
        self.change(|view| {
            if attended {
                view.attended.insert(room);
                return;
            }
            view.attended.remove(&room);
            // who comes next begins anew
            if !recorded && view.recordings.get(&room).is_some_and(is_over) {
                view.recordings.remove(&room);
            }
        });
    }

    async fn due(&mut self) {
        for (room, due) in self.times.take(Instant::now().into_std()) {
            match due {
                Due::Start => {
                    if let Err(why) = self.start(room.clone(), StartedBy::Auto).await {
                        warn!(room = %room, ?why, "A meeting is not recorded");
                    }
                }
                Due::Stop => drop(self.stop(&room).await),
            }
        }
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut View)) {
        self.view.send_modify(|view| change(Arc::make_mut(view)));
    }
}

impl Open {
    pub(super) fn told(&self, id: &str) -> Recording {
        let processing = self.state == RecordingState::Processing;
        Recording {
            id: id.to_owned(),
            state: self.state,
            since: self.since.get(),
            progress: self.progress.filter(|_| processing),
        }
    }
}

fn is_over(recording: &Recording) -> bool {
    matches!(
        recording.state,
        RecordingState::Ready | RecordingState::Failed
    )
}

fn refused(why: NoRoom) -> NoRecording {
    match why {
        NoRoom::Busy => NoRecording::Busy,
        NoRoom::Disk => NoRecording::DiskFull,
    }
}

/// Passes on what happens to a recording. When the desk is gone, the events
/// close, and the browser ends.
async fn forward(
    id: String,
    mut events: mpsc::Receiver<Event>,
    to: mpsc::Sender<(String, Happening)>,
) {
    while let Some(event) = tokio::select! {
        event = events.recv() => event,
        () = to.closed() => None,
    } {
        if to
            .send((id.clone(), Happening::Event(event)))
            .await
            .is_err()
        {
            return;
        }
    }
}

fn random_id() -> String {
    random(ID_LENGTH)
}

pub(super) fn random(length: usize) -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}
