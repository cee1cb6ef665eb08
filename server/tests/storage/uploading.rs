//! The way of a video into the store.

use std::fs;

use server::config::{Secret, StorageConfig};

use crate::{
    gate::{FORGOTTEN, Gate},
    s3::Store,
    support::{http, until},
    videos::{get, made, recorded, recording, told, until_video, volume},
};

const MIB: usize = 1 << 20;
/// The objects of a video, and the one that shows that the store takes files.
const OBJECTS: [&str; 6] = [
    "meet/eu/meetframe.txt",
    "meet/eu/rec1/v001/hls/master.m3u8",
    "meet/eu/rec1/v001/hls/media.mp4",
    "meet/eu/rec1/v001/hls/v0.m3u8",
    "meet/eu/rec1/v001/poster.jpg",
    "meet/eu/rec1/v001/video.mp4",
];

// proves rest.GET /streaming/videos/:id
#[tokio::test]
async fn what_was_recorded_becomes_a_video_in_the_store() {
    let store = Store::new();
    let _running = store.start();
    let left = recorded().await;
    let files = left.folder.path().join("recordings/rec1");
    let (server, video) = left.start(store.config()).await;
    until_video(&server, video, "state", "ready").await;
    assert_eq!(store.objects(), OBJECTS);
    until("the local copy is gone", async || !files.exists()).await;
    let told = told(&server, video).await;
    assert_eq!(told["delayed"], serde_json::Value::Null);
    let whole = get(&server, video, "video.mp4", &[]).await;
    assert_eq!(whole.status, 200);
    assert_eq!(told["size"], whole.body.len());
    assert_eq!(&whole.body[4..8], b"ftyp");
    let master = get(&server, video, "hls/master.m3u8", &[]).await.text();
    assert!(master.starts_with("#EXTM3U"), "{master}");
    server.stop().await;
}

#[tokio::test]
async fn a_restart_goes_on_in_the_middle_of_a_file() {
    let store = Store::new();
    let _running = store.start();
    // three parts, of which two pass
    let gate = Gate::before(store.address, 2).await;
    let left = made(20 * MIB).await;
    let sent = fs::read(volume(left.folder.path()).join("video.mp4")).expect("a file");
    let (server, video) = left.start(store.config_by(gate.address)).await;
    until("the third part is held back", async || {
        gate.seen() == [1, 2, 3]
    })
    .await;
    let before = told(&server, video).await;
    assert_eq!(before["state"], "processing");
    let files = volume(server.folder.path());
    assert!(files.join("video.mp4").is_file());
    let server = server.restart().await;
    gate.open();
    until_video(&server, video, "state", "ready").await;
    // what was there was not sent again
    let seen = gate.seen();
    assert!(
        !seen[3..].contains(&1) && !seen[3..].contains(&2),
        "{seen:?}"
    );
    let whole = get(&server, video, "video.mp4", &[]).await;
    assert!(whole.body == sent, "it is another file");
    until("the local copy is gone", async || !files.exists()).await;
    server.stop().await;
}

#[tokio::test]
async fn an_upload_that_the_store_forgot_begins_anew() {
    let store = Store::new();
    let _running = store.start();
    let gate = Gate::before(store.address, usize::MAX).await;
    let left = made(9 * MIB).await;
    let files = volume(left.folder.path());
    let ledger = format!(
        r#"{{"place":"s3://videos/meet/eu/rec1/v001","done":[],
        "open":{{"file":"video.mp4","upload":"{FORGOTTEN}","parts":["a"]}}}}"#
    );
    fs::write(files.join("upload.json"), ledger).expect("a file");
    let (server, video) = left.start(store.config_by(gate.address)).await;
    until_video(&server, video, "state", "ready").await;
    assert_eq!(gate.seen(), [2, 1, 2]);
    let whole = get(&server, video, "video.mp4", &[]).await;
    assert_eq!(whole.body.len(), 9 * MIB);
    server.stop().await;
}

#[tokio::test]
async fn a_store_that_is_away_delays_a_video_and_loses_nothing() {
    let store = Store::new();
    let (server, video) = made(1_000).await.start(store.config()).await;
    until_video(&server, video, "delayed", "store_unreachable").await;
    let waiting = told(&server, video).await;
    assert_eq!(waiting["state"], "processing");
    let files = volume(server.folder.path());
    assert!(files.join("video.mp4").is_file());
    let explained = explain(&server).await;
    assert_eq!(explained["kind"], "s3");
    assert_eq!(explained["trouble"], "store_unreachable");
    let running = store.start();
    until_video(&server, video, "state", "ready").await;
    assert_eq!(get(&server, video, "video.mp4", &[]).await.status, 200);
    until("the store is good", async || {
        explain(&server).await["reachable"] == true
    })
    .await;
    // what is there already cannot be got while it is away, and then again
    drop(running);
    let away = get(&server, video, "video.mp4", &[]).await;
    assert_eq!(
        (away.status, away.json()["code"].clone()),
        (503, "unavailable".into())
    );
    assert_eq!(away.header("retry-after"), "5");
    let _running = store.start();
    assert_eq!(get(&server, video, "video.mp4", &[]).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_key_is_told_and_the_right_one_goes_on() {
    let store = Store::new();
    let _running = store.start();
    let wrong = StorageConfig {
        secret_key: Some(Secret::new("wrong")),
        ..store.config()
    };
    let (server, video) = made(1_000).await.start(wrong).await;
    until_video(&server, video, "delayed", "store_denied").await;
    assert_eq!(explain(&server).await["trouble"], "store_denied");
    assert_eq!(store.objects(), [""; 0]);
    let folder = server.folder.path().to_owned();
    assert!(volume(&folder).join("video.mp4").is_file());
    let server = server
        .restart_with(recording(&folder, store.config()))
        .await;
    until_video(&server, video, "state", "ready").await;
    assert_eq!(store.objects(), OBJECTS);
    server.stop().await;
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_told() {
    let store = Store::new();
    let _running = store.start();
    let wrong = StorageConfig {
        bucket: Some("another".to_owned()),
        ..store.config()
    };
    let (server, video) = made(1_000).await.start(wrong).await;
    until_video(&server, video, "delayed", "store_no_bucket").await;
    server.stop().await;
}

/// What `/explain` says of the store.
async fn explain(server: &crate::support::TestServer) -> serde_json::Value {
    let explained = http::get(server.address(), "/explain", &[]).await.json();
    explained["recording"]["storage"].clone()
}
