//! The task of one recording: carries out what [`Session`] says.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use bytes::Bytes;
use protocol::{FromRecorder, ToRecorder};
use rand::{Rng, distr::Alphanumeric};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep_until,
};
use tracing::{info, warn};

use crate::{
    Folder, PartId, Recorder,
    browsers::Browsers,
    capacity::free_space,
    files::PartFile,
    session::{Before, Effect, End, Input, Session},
};

/// How much of the page may wait for the disk. When it is full, the page's
/// socket is not read.
const PIECES: usize = 64;
/// How much may wait for the page. It reads always.
const ORDERS: usize = 16;
/// How often the disk is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Letters of a token: not to be guessed.
const TOKEN_LENGTH: usize = 40;

/// One recording to be made.
#[derive(Debug)]
pub struct Job {
    /// Where its files go.
    pub folder: Folder,
    /// What an earlier server has of it.
    pub before: Option<Before>,
}

/// What happens to a recording.
#[derive(Debug)]
pub enum Event {
    /// A browser is about to start: which address is it to open? The token is
    /// good until the next of these events, or the end.
    Launching {
        /// The page's token.
        token: String,
        /// For the address.
        address: oneshot::Sender<String>,
    },
    /// The browser runs.
    Launched {
        /// Its process, the first one of its group: for measurements.
        process: u32,
    },
    /// It records.
    Live,
    /// A part began.
    Opened {
        /// Which.
        part: PartId,
        /// When its first picture was taken: milliseconds since 1970-01-01 UTC.
        at: u64,
    },
    /// A part is over.
    Closed {
        /// Which.
        part: PartId,
        /// Its length.
        bytes: u64,
    },
    /// All parts of a volume are there.
    VolumeOver {
        /// Which.
        volume: u32,
    },
    /// Nothing follows.
    Over(End),
}

/// What comes from a page that has said hello.
#[derive(Debug)]
pub enum FromPage {
    /// A message.
    Text(FromRecorder),
    /// Bytes of a volume.
    Bytes {
        /// The volume.
        volume: u32,
        /// The next bytes of its file.
        bytes: Bytes,
    },
}

#[derive(Debug)]
enum Told {
    Stop,
    Page {
        token: String,
        pieces: mpsc::Receiver<FromPage>,
        orders: mpsc::Sender<ToRecorder>,
    },
}

/// A handle on a recording that runs.
#[derive(Debug, Clone)]
pub struct Handle(mpsc::Sender<Told>);

impl Handle {
    /// Ends the recording. Events tell what comes of it.
    pub async fn stop(&self) {
        // a recording that is over needs no end
        self.0.send(Told::Stop).await.ok();
    }

    /// Lets a page in that said hello with this token. When it is not the page
    /// of the current run, both queues close at once.
    pub async fn page(
        &self,
        token: String,
    ) -> (mpsc::Sender<FromPage>, mpsc::Receiver<ToRecorder>) {
        let (to_task, pieces) = mpsc::channel(PIECES);
        let (orders, from_task) = mpsc::channel(ORDERS);
        let page = Told::Page {
            token,
            pieces,
            orders,
        };
        // a recording that is over closes the queues
        self.0.send(page).await.ok();
        (to_task, from_task)
    }
}

/// Starts to record. Dropping the events ends the browser at once and leaves
/// the parts as they are.
#[must_use]
pub fn record(recorder: Recorder, job: Job) -> (Handle, mpsc::Receiver<Event>) {
    let (handle, inbox) = mpsc::channel(ORDERS);
    let (events, receiver) = mpsc::channel(ORDERS);
    let session = Session::new(recorder.settings().clone(), job.before);
    let task = Task {
        recorder,
        folder: job.folder,
        session,
        inbox,
        events,
        browsers: Browsers::default(),
        token: None,
        pieces: None,
        orders: None,
        files: HashMap::new(),
        bytes: 0,
        look_at: Instant::now(),
    };
    tokio::spawn(task.run());
    (Handle(handle), receiver)
}

struct Task {
    recorder: Recorder,
    folder: Folder,
    session: Session,
    inbox: mpsc::Receiver<Told>,
    events: mpsc::Sender<Event>,
    browsers: Browsers,
    /// Of the current run, until its page has said hello.
    token: Option<String>,
    pieces: Option<mpsc::Receiver<FromPage>>,
    orders: Option<mpsc::Sender<ToRecorder>>,
    files: HashMap<u32, PartFile>,
    /// What is on the disk of this recording by now.
    bytes: u64,
    look_at: Instant,
}

/// The server that wanted the recording is gone.
struct Unwanted;

impl Task {
    async fn run(mut self) {
        if let Err(error) = self.folder.make() {
            warn!(%error, "The folder of a recording could not be made");
            self.step(Input::DiskFull).await.ok();
            return;
        }
        let mut input = Input::Start;
        while self.step(input).await.is_ok() {
            match self.next().await {
                Some(next) => input = next,
                None => return,
            }
        }
    }

    /// What happens next; None when nobody wants the recording any more.
    async fn next(&mut self) -> Option<Input> {
        loop {
            let deadline = self.session.deadline();
            let deadline = deadline.unwrap_or_else(|| Instant::now() + LOOK_EVERY);
            tokio::select! {
                () = self.events.closed() => return None,
                told = self.inbox.recv() => match told? {
                    Told::Stop => return Some(Input::Stop),
                    Told::Page { token, pieces, orders } => {
                        if self.token.take_if(|own| *own == token).is_some() {
                            (self.pieces, self.orders) = (Some(pieces), Some(orders));
                            return Some(Input::Hello);
                        }
                    }
                },
                piece = recv(&mut self.pieces) => return Some(match piece {
                    Some(FromPage::Text(text)) => heard(text),
                    Some(FromPage::Bytes { volume, bytes }) => self.write(volume, &bytes).await,
                    None => {
                        self.pieces = None;
                        Input::PageGone
                    }
                }),
                () = self.browsers.ended() => return Some(Input::BrowserGone),
                () = sleep_until(deadline.into()) => return Some(Input::Tick),
            }
        }
    }

    async fn write(&mut self, volume: u32, bytes: &[u8]) -> Input {
        let Some(file) = self.files.get_mut(&volume) else {
            // of a volume that it did not announce
            return Input::Tick;
        };
        if let Err(error) = file.append(bytes).await {
            warn!(%error, "A recording could not be written");
            return Input::DiskFull;
        }
        self.bytes += bytes.len() as u64;
        if self.look_at <= Instant::now() {
            self.look_at = Instant::now() + LOOK_EVERY;
            if self.is_disk_full() {
                return Input::DiskFull;
            }
        }
        Input::Wrote
    }

    /// A video and its stream have to be made of what is there.
    fn is_disk_full(&self) -> bool {
        let needed = self
            .recorder
            .settings()
            .keep_free
            .saturating_add(2 * self.bytes);
        free_space(self.folder.path()).is_some_and(|free| free < needed)
    }

    async fn step(&mut self, input: Input) -> Result<(), Unwanted> {
        let mut over = false;
        let mut todo = vec![input];
        while let Some(input) = todo.pop() {
            for effect in self.session.apply(input, Instant::now()) {
                over |= matches!(effect, Effect::Over(_));
                todo.extend(self.carry_out(effect).await?);
            }
        }
        if over { Err(Unwanted) } else { Ok(()) }
    }

    async fn carry_out(&mut self, effect: Effect) -> Result<Option<Input>, Unwanted> {
        match effect {
            Effect::Launch { extra } => return self.launch(extra).await,
            Effect::Prepare { extra } => self.browsers.prepare(&self.recorder, extra),
            Effect::Kill => {
                self.browsers.kill();
                (self.token, self.pieces, self.orders) = (None, None, None);
            }
            Effect::Say(order) => {
                if let Some(orders) = &self.orders {
                    // a page that does not read will be silent, too
                    orders.try_send(order).ok();
                }
            }
            Effect::Open { part, at } => return self.open(part, at).await,
            Effect::Close { volume } => self.close(volume).await?,
            Effect::Live => self.tell(Event::Live).await?,
            Effect::VolumeOver { volume } => self.tell(Event::VolumeOver { volume }).await?,
            Effect::Over(why) => self.tell(Event::Over(why)).await?,
        }
        Ok(None)
    }

    async fn launch(&mut self, extra: u32) -> Result<Option<Input>, Unwanted> {
        let token = random_token();
        let (reply, address) = oneshot::channel();
        self.token = Some(token.clone());
        let launching = Event::Launching {
            token,
            address: reply,
        };
        self.tell(launching).await?;
        let address = address.await.map_err(|_| Unwanted)?;
        match self.browsers.open(&self.recorder, extra, &address).await {
            Ok(Some(process)) => self.tell(Event::Launched { process }).await?,
            Ok(None) => {}
            Err(error) => {
                warn!(%error, "A browser could not be started");
                return Ok(Some(Input::BrowserGone));
            }
        }
        Ok(None)
    }

    async fn open(&mut self, part: PartId, at: u64) -> Result<Option<Input>, Unwanted> {
        match PartFile::create(&self.folder, part).await {
            Ok(file) => {
                self.files.insert(part.volume, file);
                self.look_at = Instant::now() + LOOK_EVERY;
                self.tell(Event::Opened { part, at }).await?;
                Ok(None)
            }
            Err(error) => {
                warn!(%error, "The file of a recording could not be made");
                Ok(Some(Input::DiskFull))
            }
        }
    }

    async fn close(&mut self, volume: u32) -> Result<(), Unwanted> {
        let Some(file) = self.files.remove(&volume) else {
            return Ok(());
        };
        let (part, written) = (file.id, file.bytes);
        let bytes = match file.close().await {
            Ok(bytes) => bytes,
            Err(error) => {
                warn!(%error, "A part of a recording could not be closed");
                written
            }
        };
        info!(
            volume,
            part = part.part,
            bytes,
            "A part of a recording is over"
        );
        self.tell(Event::Closed { part, bytes }).await
    }

    async fn tell(&self, event: Event) -> Result<(), Unwanted> {
        self.events.send(event).await.map_err(|_| Unwanted)
    }
}

fn heard(text: FromRecorder) -> Input {
    if let FromRecorder::Failed { reason } = &text {
        warn!(reason, "The recorder's page failed");
    }
    Input::Heard(text)
}

async fn recv(pieces: &mut Option<mpsc::Receiver<FromPage>>) -> Option<FromPage> {
    match pieces {
        Some(pieces) => pieces.recv().await,
        None => std::future::pending().await,
    }
}

fn random_token() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(TOKEN_LENGTH)
        .map(char::from)
        .collect()
}
