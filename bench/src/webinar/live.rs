//! A webinar on a whole server of one core: all viewers by WebSocket, some of
//! them with media, and speakers who talk in turns.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use media::client::{Client, ClientConfig, ClientIdentity};
use protocol::{ClientMessage, PeerId, ServerMessage, Source, TrackRef, View, ViewTile};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::runtime::Runtime;

use super::{
    SPEAKERS, TILES,
    figures::{Live, Scale},
    members::{Counts, Members, Role},
    session::{Heard, Session},
};
use crate::{
    cpu, figures, floor, output,
    server::{Server, Time},
};

/// How many join at the same time.
const AT_ONCE: usize = 32;
/// So many with media join before it is looked whether all still get all.
const BATCH: usize = 50;
/// More loss than this, and the machine holds no more viewers.
const LOSS_MAX: f64 = 0.02;
/// How long speakers may take until they send, and pictures until they come.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it runs before it is measured.
const SETTLE: Duration = Duration::from_secs(8);
/// Speakers' frames come one by one, so that packets to one viewer seldom leave
/// together: the floor is that of single packets.
const RUN: usize = 1;
/// Files that this process opens besides a socket for each session and client.
const OTHER_FILES: u64 = 200;

/// Measures and prints the table.
///
/// # Errors
/// When a client cannot join or the results not be written.
pub fn run(asked: Scale, time: Duration) -> Result<()> {
    let server = match Server::start_on(cpu::SERVER_CORE) {
        Ok(server) => server,
        Err(error) => {
            output::show(&format!("\nThe webinar on a server is left out: {error:#}"));
            return Ok(());
        }
    };
    let live = Stage::start(server)?.measure(asked, time)?;
    if live.held != live.asked {
        output::show(&format!(
            "\nThis machine holds {} viewers, {} of them with media, and not the {} and {} asked for.",
            live.held.viewers, live.held.watching, asked.viewers, asked.watching
        ));
    }
    output::publish("webinar", &live.table(), &live)
}

/// The server and all who are there.
struct Stage {
    server: Server,
    runtime: Runtime,
    members: Members,
    heard: Arc<Heard>,
    identity: ClientIdentity,
    speakers: Vec<PeerId>,
}

/// Counters at one moment.
struct Sample {
    at: Instant,
    time: Time,
    counts: Counts,
    messages: u64,
}

impl Stage {
    fn start(server: Server) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            // without a core of its own the load disturbs, which the figures show
            .on_thread_start(|| drop(cpu::pin_current(cpu::load_core())))
            .build()?;
        Ok(Self {
            server,
            runtime,
            members: Members::start()?,
            heard: Arc::default(),
            identity: ClientIdentity::generate()?,
            speakers: Vec::new(),
        })
    }

    fn measure(mut self, asked: Scale, time: Duration) -> Result<Live> {
        let possible = with_enough_files(asked);
        self.enter_speakers()?;
        let empty = self.server.resident()?;
        let sessions = possible.viewers - possible.watching;
        let sessions_per_second = self.enter_sessions(sessions)?;
        let listening = self.server.resident()?;
        let started = Instant::now();
        let (watching, joining) = self.enter_watching(possible.watching)?;
        self.wait_for_pictures(watching)?;
        std::thread::sleep(SETTLE);
        let before = self.sample()?;
        std::thread::sleep(time);
        let after = self.sample()?;
        let full = self.server.resident()?;
        let core = shares(&before, &after);
        let floor = floor::measure(watching.max(1), RUN, Duration::from_millis(500))?;
        let delivered = after.counts.received - before.counts.received;
        let spent = after.time.media - before.time.media;
        let last = after.counts.last_picture;
        Ok(Live {
            asked,
            held: Scale {
                viewers: sessions + watching,
                watching,
            },
            sessions_per_second,
            joins_per_second: watching as f64 / joining.as_secs_f64(),
            first_picture: waits(&after.counts),
            all_pictures: last.map_or(0.0, |last| (last - started).as_secs_f64()),
            without_picture: watching - after.counts.waits.len(),
            pictures: after.counts.pictures as f64 / watching.max(1) as f64,
            delivered: figures::per_second(delivered, after.at - before.at),
            loss: after.counts.loss_since(&before.counts),
            core,
            of_floor: figures::per_second(delivered, spent) / floor.per_core,
            messages: figures::per_second(after.messages - before.messages, after.at - before.at),
            resident: [
                each(empty, listening, sessions),
                each(listening, full, watching),
            ],
            ended: self.heard.ended(),
        })
    }

    fn enter_speakers(&mut self) -> Result<()> {
        for number in 0..SPEAKERS {
            let server = self.server.address;
            let join = Session::speaker(server, &self.heard);
            let (session, peer) = self.runtime.block_on(join)?;
            let mut config = ClientConfig::new(self.identity.clone());
            config.simulcast = true;
            let since = Instant::now();
            let (session, client) = self.runtime.block_on(connect(session, config))?;
            self.runtime.spawn(session.keep(spread(number)));
            self.members.add(client, Role::Speaker(number), since)?;
            self.speakers.push(peer);
        }
        let limit = Instant::now() + PATIENCE;
        while self.members.counts()?.connected < SPEAKERS {
            ensure!(Instant::now() < limit, "the speakers do not connect");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Lets viewers without media in; returns how many came in a second.
    fn enter_sessions(&self, count: usize) -> Result<f64> {
        let start = Instant::now();
        let (server, heard) = (self.server.address, &self.heard);
        self.runtime.block_on(async {
            let joins = stream::iter(0..count).map(|number| async move {
                let session = Session::viewer(server, heard).await?;
                tokio::spawn(session.keep(spread(number)));
                anyhow::Ok(())
            });
            joins.buffer_unordered(AT_ONCE).try_collect::<()>().await
        })?;
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }

    /// Lets viewers with media in, as long as the machine holds them; returns
    /// their number and the time that they took to join.
    fn enter_watching(&self, count: usize) -> Result<(usize, Duration)> {
        let (mut entered, mut spent) = (0, Duration::ZERO);
        while entered < count {
            let before = self.members.counts()?;
            let batch = BATCH.min(count - entered);
            let start = Instant::now();
            self.enter_batch(entered, batch)?;
            spent += start.elapsed();
            entered += batch;
            std::thread::sleep(Duration::from_secs(1));
            if self.members.counts()?.loss_since(&before) > LOSS_MAX {
                break;
            }
        }
        Ok((entered, spent))
    }

    fn enter_batch(&self, first: usize, count: usize) -> Result<()> {
        let server = self.server.address;
        self.runtime.block_on(async {
            let joins = stream::iter(first..first + count).map(|number| async move {
                let since = Instant::now();
                let session = Session::viewer(server, &self.heard).await?;
                let config = ClientConfig::new(self.identity.clone());
                let (mut session, client) = connect(session, config).await?;
                let view = ClientMessage::SetView(self.view(number));
                expect_ok(&session.request(view).await?)?;
                tokio::spawn(session.keep(spread(number)));
                self.members.add(client, Role::Viewer, since)
            });
            joins.buffer_unordered(AT_ONCE).try_collect::<()>().await
        })
    }

    /// One speaker large, the next ones small.
    fn view(&self, viewer: usize) -> View {
        let tile = |at: usize| ViewTile {
            track: TrackRef {
                peer: self.speakers[(viewer + at) % SPEAKERS].clone(),
                source: Source::Camera,
            },
            width: if at == 0 { 640 } else { 160 },
            height: if at == 0 { 360 } else { 90 },
        };
        View {
            tiles: (0..TILES).map(tile).collect(),
            max_bitrate: None,
        }
    }

    fn wait_for_pictures(&self, watching: usize) -> Result<()> {
        let limit = Instant::now() + PATIENCE;
        while self.members.counts()?.waits.len() < watching && Instant::now() < limit {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn sample(&self) -> Result<Sample> {
        Ok(Sample {
            at: Instant::now(),
            time: self.server.time()?,
            counts: self.members.counts()?,
            messages: self.heard.so_far().0,
        })
    }
}

/// Makes the media connection of a seat, up to the server's answer.
async fn connect(mut session: Session, config: ClientConfig) -> Result<(Session, Client)> {
    let mut client = Client::new(config)?;
    match session
        .request(ClientMessage::Offer(client.offer()))
        .await?
    {
        ServerMessage::Answer { sdp, .. } => client.start(&sdp)?,
        other => bail!("an answer expected, not {other:?}"),
    }
    Ok((session, client))
}

fn expect_ok(reply: &ServerMessage) -> Result<()> {
    ensure!(*reply == ServerMessage::Ok, "ok expected, not {reply:?}");
    Ok(())
}

/// As many as this process and the server, which inherits the limit, may open
/// files for.
fn with_enough_files(asked: Scale) -> Scale {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // a limit that cannot be raised is a smaller scale
    let _ = setrlimit(Resource::Nofile, limit);
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX);
    let watching = asked.watching.min(room / 2);
    Scale {
        viewers: asked.viewers.min(room - watching),
        watching,
    }
}

fn shares(before: &Sample, after: &Sample) -> [f64; 2] {
    let wall = (after.at - before.at).as_secs_f64();
    let share = |time: Duration| time.as_secs_f64() / wall;
    [
        share(after.time.media - before.time.media),
        share(after.time.rest.saturating_sub(before.time.rest)),
    ]
}

/// Median, 95th percentile and maximum of the waits in milliseconds.
fn waits(counts: &Counts) -> [f64; 3] {
    let mut waits: Vec<f64> = counts.waits.iter().map(|w| w.as_secs_f64() * 1e3).collect();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = ((waits.len() as f64 * share) as usize).min(waits.len().saturating_sub(1));
        waits.get(index).copied().unwrap_or(0.0)
    };
    [at(0.5), at(0.95), at(1.0)]
}

fn each(before: u64, after: u64, count: usize) -> f64 {
    after.saturating_sub(before) as f64 / count.max(1) as f64
}

/// A share of an interval that differs from one to the next.
fn spread(number: usize) -> f64 {
    (number as f64 * 0.618_034).fract()
}
