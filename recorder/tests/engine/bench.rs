//! A recording that is under way, and the server of its page.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use recorder::{Event, FinishError, Folder, Job, RawPart, Recorder, Settings, Video, session::End};
use tempfile::TempDir;
use tokio::{
    sync::{Mutex, MutexGuard, mpsc},
    time::timeout,
};

use crate::host::Host;

/// A test that waits longer for anything has failed: small machines are busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Recordings are made as time passes: one at a time, so that none has to wait
/// for the processors of another.
pub(crate) static TURN: Mutex<()> = Mutex::const_new(());

/// A recording, and the server of its page.
pub(crate) struct Bench {
    recorder: Recorder,
    folder: TempDir,
    host: Host,
    handle: recorder::Handle,
    events: mpsc::Receiver<Event>,
    pub(crate) process: Option<u32>,
    pub(crate) parts: Vec<RawPart>,
    pub(crate) volumes: Vec<u32>,
    _turn: MutexGuard<'static, ()>,
}

impl Bench {
    pub(crate) async fn start(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::start_in(folder, change).await
    }

    pub(crate) async fn start_in(folder: TempDir, change: impl FnOnce(&mut Settings)) -> Self {
        let turn = TURN.lock().await;
        let mut settings = Settings::of(folder.path().to_path_buf());
        // this machine may be busy with other tests
        settings.hello = Duration::from_secs(60);
        settings.begin = Duration::from_secs(60);
        settings.keep_free = 0;
        change(&mut settings);
        let recorder = Recorder::find(settings).expect("Chromium and ffmpeg");
        let job = Job {
            folder: Folder::of(folder.path(), "r1"),
            before: None,
        };
        let (handle, events) = recorder::record(recorder.clone(), job);
        let host = Host::start(handle.clone()).await;
        Self {
            recorder,
            folder,
            host,
            handle,
            events,
            process: None,
            parts: Vec::new(),
            volumes: Vec::new(),
            _turn: turn,
        }
    }

    pub(crate) fn files(&self) -> Folder {
        Folder::of(self.folder.path(), "r1")
    }

    /// Goes on until an event is the wanted one.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = timeout(PATIENCE, self.events.recv()).await;
            let event = event.expect("in time").expect("an event");
            let found = wanted(&event);
            match event {
                Event::Launching { token, address } => {
                    address.send(self.host.page(&token)).ok();
                }
                Event::Launched { process } => self.process = Some(process),
                Event::Opened { part, at } => {
                    let path = self.files().part(part);
                    self.parts.push(RawPart { path, at });
                    if found {
                        return Event::Opened { part, at };
                    }
                }
                Event::VolumeOver { volume } => {
                    self.volumes.push(volume);
                    if found {
                        return Event::VolumeOver { volume };
                    }
                }
                other if found => return other,
                _ => {}
            }
        }
    }

    /// Waits until so much of a part is on the disk.
    pub(crate) async fn until_written(&mut self, index: usize, bytes: u64) {
        let path = self.parts[index].path.clone();
        let begin = Instant::now();
        while std::fs::metadata(&path).map_or(0, |file| file.len()) < bytes {
            assert!(begin.elapsed() < PATIENCE, "nothing is written");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn stop(&mut self) -> End {
        self.handle.stop().await;
        match self.until(|event| matches!(event, Event::Over(_))).await {
            Event::Over(end) => end,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn finish(&self, parts: &[RawPart]) -> Video {
        self.try_to_finish(parts).await.expect("a video")
    }

    pub(crate) async fn try_to_finish(&self, parts: &[RawPart]) -> Result<Video, FinishError> {
        let (progress, mut heard) = mpsc::channel(8);
        let target = self.files().volume(1);
        let (video, percents) =
            tokio::join!(self.recorder.finish(parts, &target, progress), async {
                let mut all = Vec::new();
                while let Some(percent) = heard.recv().await {
                    all.push(percent);
                }
                all
            });
        assert!(percents.is_sorted(), "{percents:?}");
        video
    }
}

pub(crate) fn kill(process: u32) {
    let sent = Command::new("kill")
        .args(["-s", "KILL", &process.to_string()])
        .status();
    assert!(sent.expect("kill runs").success());
}
