//! Videos as a server leaves them that dies: recorded and not made yet, or made
//! and not brought to their place yet.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use protocol::{RecordingState, RoomId};
use rand::RngCore;
use server::{
    accounts::Scope,
    clock::UnixMillis,
    config::{RecordingConfig, StorageConfig},
    db::{Database, StoredPart, StoredRecording, VideoFacts},
    room_key::{RoomKey, TenantId},
};

use crate::support::{
    TestServer, config, database,
    http::{self, Response},
    open, until,
};

pub(crate) const RECORDING: &str = "rec1";
/// Every file but the largest.
pub(crate) const BYTES: &[u8] = b"0123456789";

/// A server's folder before the server is there.
pub(crate) struct Left {
    pub(crate) folder: database::Folder,
    pub(crate) video: i64,
}

/// Settings of recordings with this place for videos. Nothing is recorded, so
/// that any program is good for a browser.
pub(crate) fn recording(folder: &Path, storage: StorageConfig) -> RecordingConfig {
    RecordingConfig {
        storage,
        chromium: Some(std::env::current_exe().expect("this program")),
        ..config(folder).recording
    }
}

/// A video that was made, with an MP4 of so many bytes.
pub(crate) async fn made(size: usize) -> Left {
    let folder = database::folder();
    let database = open(folder.path()).await;
    let video = add(&database).await;
    let facts = VideoFacts {
        duration: 20_500,
        size: i64::try_from(size).expect("a small number"),
        width: 1_280,
        height: 720,
        frame_rate: 30_000,
        missing: 0,
    };
    database.video_made(video, facts).await.expect("facts");
    database.close().await;
    let files = volume(folder.path());
    fs::create_dir_all(files.join("hls")).expect("a folder");
    for file in [
        "poster.jpg",
        "hls/master.m3u8",
        "hls/v0.m3u8",
        "hls/media.mp4",
    ] {
        fs::write(files.join(file), BYTES).expect("a file");
    }
    let mut bytes = vec![0; size];
    rand::rng().fill_bytes(&mut bytes);
    fs::write(files.join("video.mp4"), bytes).expect("a file");
    Left { folder, video }
}

/// What a browser recorded, of which no video is made yet.
pub(crate) async fn recorded() -> Left {
    let folder = database::folder();
    let database = open(folder.path()).await;
    let video = add(&database).await;
    database.close().await;
    let raw = folder.path().join("recordings").join(RECORDING).join("raw");
    fs::create_dir_all(&raw).expect("a folder");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i"])
        .arg("testsrc2=size=320x180:rate=30:duration=3")
        .args(["-f", "lavfi", "-i", "sine=duration=3"])
        .args(["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "30"])
        .args(["-c:a", "libopus", "-live", "1"])
        .arg(raw.join("v001_p001.mkv"))
        .status();
    assert!(made.expect("ffmpeg runs").success());
    Left { folder, video }
}

/// A recording that stopped, with one part of one volume.
async fn add(database: &Database) -> i64 {
    let room = RoomId::parse("lesson").expect("a room id");
    let room = RoomKey::new(TenantId::default_tenant(), room);
    let recording = StoredRecording {
        id: RECORDING.to_owned(),
        room: room.clone(),
        state: RecordingState::Processing,
        created_at: UnixMillis::new(5_000),
    };
    let added = database.add_recording(&recording, "api").await;
    added.expect("a recording");
    let at = UnixMillis::new(6_000);
    let part = StoredPart {
        volume: 1,
        part: 1,
        at,
    };
    database.add_part(RECORDING, part).await.expect("a part");
    let added = database.add_video(RECORDING, &room, 1, "Recording lesson", at);
    added.await.expect("a video")
}

/// The folder of the video's files.
pub(crate) fn volume(folder: &Path) -> PathBuf {
    folder.join("recordings").join(RECORDING).join("v001")
}

impl Left {
    /// Starts a server there that keeps videos in this place.
    pub(crate) async fn start(self, storage: StorageConfig) -> (TestServer, i64) {
        let settings = recording(self.folder.path(), storage);
        (
            TestServer::recording(self.folder, settings).await,
            self.video,
        )
    }
}

/// What the server says of a video.
pub(crate) async fn told(server: &TestServer, video: i64) -> serde_json::Value {
    let backend = server.backend(&[Scope::RecordingsRead]).await;
    backend
        .get(&format!("/streaming/videos/{video}"))
        .await
        .json()
}

/// Waits until a video has a value.
pub(crate) async fn until_video(server: &TestServer, video: i64, key: &str, value: &str) {
    until(&format!("{key} is {value}"), async || {
        told(server, video).await[key] == value
    })
    .await;
}

/// Gets a file of a video by its signed address.
pub(crate) async fn get(server: &TestServer, video: i64, file: &str, headers: &[&str]) -> Response {
    request(server, video, &format!("GET {file}"), headers).await
}

/// The same with any method.
pub(crate) async fn request(
    server: &TestServer,
    video: i64,
    what: &str,
    headers: &[&str],
) -> Response {
    let (method, file) = what.split_once(' ').expect("a method and a file");
    let query = told(server, video).await["volumes"][0]["query"].clone();
    let grant = query.as_str().expect("a query").replace("grant=", "");
    let path = format!("{method} /streaming/media/{grant}/{video}/{file}");
    http::request(server.address(), &path, headers, "").await
}
