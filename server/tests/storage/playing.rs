//! Videos in the store as players and downloads see them, and their end.

use server::{
    accounts::Scope,
    config::{Delivery, RecordingConfig, StorageConfig, StorageKind},
};

use crate::{
    s3::Store,
    support::{TestServer, http, until},
    videos::{BYTES, get, made, recording, request, until_video, volume},
};

/// A video that is in the store, by its server.
async fn stored(store: &Store) -> (TestServer, i64) {
    let (server, video) = made(1_000).await.start(store.config()).await;
    until_video(&server, video, "state", "ready").await;
    (server, video)
}

#[tokio::test]
async fn a_player_gets_every_part_of_a_video() {
    let store = Store::new();
    let _running = store.start();
    let (server, video) = stored(&store).await;
    let part = async |range: &str| {
        let line = format!("Range: {range}");
        get(&server, video, "hls/media.mp4", &[&line]).await
    };
    for (range, body, told) in [
        ("bytes=2-4", &BYTES[2..5], "bytes 2-4/10"),
        ("bytes=7-", &BYTES[7..], "bytes 7-9/10"),
        ("bytes=-3", &BYTES[7..], "bytes 7-9/10"),
        ("bytes=5-99", &BYTES[5..], "bytes 5-9/10"),
    ] {
        let got = part(range).await;
        assert_eq!((got.status, &got.body[..]), (206, body), "{range}");
        assert_eq!(got.header("content-range"), told);
        assert_eq!(got.header("access-control-allow-origin"), "*");
        assert_eq!(got.header("content-type"), "video/mp4");
    }
    let behind = part("bytes=10-").await;
    assert_eq!(behind.status, 416);
    assert_eq!(behind.header("content-range"), "bytes */10");
    // several parts, and what is no range, are answered by all of it
    for range in ["bytes=0-1,3-4", "bytes=4-2", "lines=1-2"] {
        let got = part(range).await;
        assert_eq!((got.status, &got.body[..]), (200, BYTES), "{range}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_browser_asks_again_for_nothing_that_it_has() {
    let store = Store::new();
    let _running = store.start();
    let (server, video) = stored(&store).await;
    let head = request(&server, video, "HEAD video.mp4", &[]).await;
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length"), "1000");
    assert_eq!(head.header("accept-ranges"), "bytes");
    let tag = head.header("etag").to_owned();
    let again = format!("If-None-Match: {tag}");
    let same = get(&server, video, "video.mp4", &[&again]).await;
    assert_eq!((same.status, same.body.len()), (304, 0));
    let range = "Range: bytes=0-9";
    for (condition, status) in [(tag.as_str(), 206), ("\"another\"", 200)] {
        let condition = format!("If-Range: {condition}");
        let got = get(&server, video, "video.mp4", &[&condition, range]).await;
        assert_eq!(got.status, status, "{condition}");
    }
    let missing = get(&server, video, "hls/another.mp4", &[]).await;
    assert_eq!(missing.status, 404);
    server.stop().await;
}

// proves rest.GET /streaming/videos/search
#[tokio::test]
async fn a_deleted_video_is_gone_from_the_store() {
    let store = Store::new();
    let _running = store.start();
    let (server, video) = stored(&store).await;
    let backend = server
        .backend(&[Scope::RecordingsRead, Scope::RecordingsWrite])
        .await;
    let path = format!("/streaming/videos/{video}");
    assert_eq!(backend.delete(&path).await.status, 204);
    assert_eq!(store.objects(), ["meet/eu/meetframe.txt"]);
    assert_eq!(backend.get(&path).await.status, 404);
    let found = backend.get("/streaming/videos/search?q=lesson").await;
    assert_eq!(found.json(), serde_json::json!([]));
    server.stop().await;
}

#[tokio::test]
async fn a_video_is_not_forgotten_while_its_store_is_away() {
    let store = Store::new();
    let running = store.start();
    let (server, video) = stored(&store).await;
    let backend = server
        .backend(&[Scope::RecordingsRead, Scope::RecordingsWrite])
        .await;
    let path = format!("/streaming/videos/{video}");
    drop(running);
    assert_eq!(backend.delete(&path).await.status, 503);
    let _running = store.start();
    assert_eq!(get(&server, video, "video.mp4", &[]).await.status, 200);
    assert_eq!(backend.delete(&path).await.status, 204);
    assert_eq!(store.objects(), ["meet/eu/meetframe.txt"]);
    server.stop().await;
}

#[tokio::test]
async fn an_old_video_is_deleted_in_the_store() {
    let store = Store::new();
    let _running = store.start();
    let (server, _) = stored(&store).await;
    let folder = server.folder.path().to_owned();
    let short = RecordingConfig {
        keep_days: 1,
        ..recording(&folder, store.config())
    };
    let server = server.restart_with(short).await;
    until("the old video is gone", async || {
        store.objects() == ["meet/eu/meetframe.txt"]
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn each_video_is_played_from_where_it_is() {
    let store = Store::new();
    let _running = store.start();
    // made before there was a store
    let left = made(1_000).await;
    let files = volume(left.folder.path());
    let (server, video) = left.start(StorageConfig::default()).await;
    until_video(&server, video, "state", "ready").await;
    let folder = server.folder.path().to_owned();
    let server = server
        .restart_with(recording(&folder, store.config()))
        .await;
    let got = get(&server, video, "hls/media.mp4", &["Range: bytes=2-4"]).await;
    assert_eq!((got.status, &got.body[..]), (206, &BYTES[2..5]));
    assert!(files.join("video.mp4").is_file());
    server.stop().await;
    // made while there was one, which new videos do not go to any more
    let (server, video) = stored(&store).await;
    let folder = server.folder.path().to_owned();
    let local = StorageConfig {
        kind: StorageKind::Local,
        ..store.config()
    };
    let server = server.restart_with(recording(&folder, local)).await;
    assert_eq!(get(&server, video, "video.mp4", &[]).await.status, 200);
    // whose settings are gone
    let none = recording(&folder, StorageConfig::default());
    let server = server.restart_with(none).await;
    let lost = get(&server, video, "video.mp4", &[]).await;
    assert_eq!(lost.status, 503);
    assert!(lost.text().contains("store_elsewhere"), "{}", lost.text());
    server.stop().await;
}

#[tokio::test]
async fn browsers_are_sent_to_the_store_where_that_is_wished() {
    let store = Store::new();
    let _running = store.start();
    let redirect = StorageConfig {
        delivery: Delivery::Redirect,
        ..store.config()
    };
    let (server, video) = made(1_000).await.start(redirect).await;
    until_video(&server, video, "state", "ready").await;
    // playlists name files beside them, which are signed one by one
    let playlist = get(&server, video, "hls/master.m3u8", &[]).await;
    assert_eq!((playlist.status, &playlist.body[..]), (200, BYTES));
    let sent = get(&server, video, "hls/media.mp4", &["Range: bytes=2-4"]).await;
    assert_eq!(sent.status, 307);
    assert_eq!(sent.header("access-control-allow-origin"), "*");
    assert_eq!(sent.header("cache-control"), "no-store");
    let signed = sent.header("location");
    let (host, path) = signed
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("an address");
    assert_eq!(host, store.address.to_string());
    let got = http::get(store.address, &format!("/{path}"), &["Range: bytes=2-4"]).await;
    assert_eq!((got.status, &got.body[..]), (206, &BYTES[2..5]));
    assert_eq!(got.header("content-type"), "video/mp4");
    // the address is good for this file alone
    let other = path.replace("media.mp4", "v0.m3u8");
    let refused = http::get(store.address, &format!("/{other}"), &[]).await;
    assert_eq!(refused.status, 403);
    server.stop().await;
}
