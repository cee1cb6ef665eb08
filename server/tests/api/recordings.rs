//! Recordings and videos over REST, on a server that cannot record itself.

use protocol::{NoRecording, RecordingState, RoomId};
use serde_json::{Value, json};
use server::{
    accounts::Scope,
    clock::UnixMillis,
    db::{StoredRecording, VideoFacts},
    room_key::{RoomKey, TenantId},
};

use crate::support::{
    TestServer,
    api::assert_problem,
    client::join_by,
    http,
    tenant::{hs256, tenant},
};

const BYTES: &[u8] = b"0123456789";

/// Leaves a video as the recorder does.
async fn video(server: &TestServer, room: &str) -> i64 {
    let database = server.database().await;
    let room = RoomId::parse(room).expect("a room id");
    let room = RoomKey::new(TenantId::default_tenant(), room);
    let recording = StoredRecording {
        id: format!("rec{}", room.room),
        room: room.clone(),
        state: RecordingState::Ready,
        created_at: UnixMillis::new(5_000),
    };
    let added = database.add_recording(&recording, "api").await;
    added.expect("a recording");
    let at = UnixMillis::new(6_000);
    let name = format!("Recording {} 1970", room.room);
    let id = database.add_video(&recording.id, &room, 1, &name, at).await;
    let id = id.expect("a video");
    let facts = VideoFacts {
        duration: 20_500,
        size: 10,
        width: 1_280,
        height: 720,
        frame_rate: 30_000,
        missing: 1_250,
    };
    database.video_ready(id, facts, None).await.expect("facts");
    let folder = server.folder.path().join("recordings").join(&recording.id);
    let folder = folder.join("v001");
    std::fs::create_dir_all(folder.join("hls")).expect("a folder");
    for file in [
        "video.mp4",
        "poster.jpg",
        "hls/master.m3u8",
        "hls/v0.m3u8",
        "hls/media.mp4",
    ] {
        std::fs::write(folder.join(file), BYTES).expect("a file");
    }
    id
}

/// The path of an address of this server.
fn path(address: &Value) -> String {
    let address = address.as_str().expect("an address");
    let (_, rest) = address.split_once("://").expect("a URL");
    rest[rest.find('/').expect("a path")..].to_owned()
}

// proves rest.GET /streaming/videos/search, rest.GET /streaming/videos/:id
#[tokio::test]
async fn a_video_is_found_by_its_room_and_watched_by_its_addresses() {
    let server = TestServer::start().await;
    let id = video(&server, "serv1test2a").await;
    video(&server, "other").await;
    let backend = server.backend(&[Scope::RecordingsRead]).await;
    let found = backend.get("/streaming/videos/search?q=SERV1test").await;
    assert_eq!(found.status, 200);
    let found = found.json();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(found[0]["id"], id.to_string());
    let video = backend.get(&format!("/streaming/videos/{id}")).await.json();
    assert_eq!(video["room_id"], "serv1test2a");
    assert_eq!(
        (&video["state"], &video["duration"]),
        (&json!("ready"), &json!(20.5))
    );
    assert_eq!(
        (&video["missing"], &video["size"]),
        (&json!(1.25), &json!(10))
    );
    let origin = video["origin_host"].as_str().expect("a host");
    let resource = video["origin_resource"].as_str().expect("a path");
    assert_eq!(video["download"], format!("http://{origin}/{resource}"));
    for address in ["hls_url", "download", "poster"] {
        let got = http::get(server.address(), &path(&video[address]), &[]).await;
        assert_eq!((got.status, &got.body[..]), (200, BYTES), "{address}");
    }
    // what the playlist names is beside it
    let playlist = path(&video["hls_url"]).replace("master.m3u8", "media.mp4");
    let part = http::get(server.address(), &playlist, &["Range: bytes=2-4"]).await;
    assert_eq!((part.status, &part.body[..]), (206, &b"234"[..]));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
}

#[tokio::test]
async fn the_document_tells_each_field_of_a_video() {
    let server = TestServer::start().await;
    let id = video(&server, "room").await;
    let document = http::get(server.address(), "/api/openapi.json", &[]).await;
    let document = document.json();
    let backend = server.backend(&[Scope::RecordingsRead]).await;
    let video = backend.get(&format!("/streaming/videos/{id}")).await.json();
    let found = backend.get("/streaming/videos/search?q=room").await.json();
    for (schema, told) in [
        ("Video", &video),
        ("Video", &found[0]),
        ("VideoVolume", &video["volumes"][0]),
    ] {
        let schema = &document["components"]["schemas"][schema];
        let fields = schema["properties"].as_object().expect("fields");
        let told = told.as_object().expect("fields");
        for name in told.keys() {
            assert!(fields.contains_key(name), "{name}: {schema}");
        }
        for name in schema["required"].as_array().expect("a list") {
            assert!(told.contains_key(name.as_str().expect("a name")), "{name}");
        }
    }
    // these are there only while a video is being made
    let others = ["delayed", "progress"];
    let all = document["components"]["schemas"]["Video"]["properties"].as_object();
    let rest = all.expect("fields").keys();
    let rest: Vec<_> = rest.filter(|name| video[*name].is_null()).collect();
    assert_eq!(rest, others);
    server.stop().await;
}

#[tokio::test]
async fn nobody_sees_a_video_without_a_token_or_a_good_address() {
    let server = TestServer::start().await;
    let id = video(&server, "room").await;
    let address = server.address();
    let bare = format!("/streaming/videos/{id}");
    assert_eq!(http::get(address, &bare, &[]).await.status, 401);
    let stranger = server.backend(&[Scope::RoomsRead]).await;
    assert_eq!(stranger.get(&bare).await.status, 403);
    let other = server
        .token_for(&[Scope::RecordingsRead], Some("a.example"))
        .await;
    assert_eq!(server.backend_with(&other).get(&bare).await.status, 404);
    for grant in ["1-00", "x", "99999999999-abcdef"] {
        let asked = http::get(address, &format!("{bare}?grant={grant}"), &[]).await;
        assert_eq!(asked.status, 403, "{grant}");
    }
    let good = server.backend(&[Scope::RecordingsRead]).await;
    let video = good.get(&bare).await.json();
    let query = video["volumes"][0]["query"].as_str().expect("a query");
    let watched = http::get(address, &format!("{bare}?{query}"), &[]).await;
    assert_eq!(watched.status, 200);
    // a grant is for one video
    let second = self::video(&server, "second").await;
    let asked = http::get(address, &format!("/streaming/videos/{second}?{query}"), &[]).await;
    assert_eq!(asked.status, 403);
    for name in ["../../raw/v001_p001.mkv", "hls/../video.mp4", "nothing"] {
        let asked = good.get(&format!("{bare}/{name}")).await;
        assert_ne!(asked.status, 200, "{name}");
    }
}

#[tokio::test]
async fn player_of_a_signed_address_and_of_files_is_not_held_up() {
    let server = TestServer::start().await;
    let id = video(&server, "room").await;
    let backend = server.backend(&[Scope::RecordingsRead]).await;
    let bare = format!("/streaming/videos/{id}");
    let told = backend.get(&bare).await.json();
    let query = told["volumes"][0]["query"].as_str().expect("a query");
    for _ in 0..10 {
        let page = http::get(server.address(), &format!("{bare}?{query}"), &[]).await;
        assert_eq!((page.status, page.header("ratelimit")), (200, ""));
        let signed = http::get(server.address(), &path(&told["hls_url"]), &[]).await;
        assert_eq!((signed.status, signed.header("ratelimit")), (200, ""));
        let file = backend.get(&format!("{bare}/hls/media.mp4")).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let policy = file.header("ratelimit-policy");
        assert_eq!(policy, "\"general\";q=50;w=1");
    }
    // a bad grant is no way around the limits of a token, as it is none in
    let bad = backend.get(&format!("{bare}?grant=x")).await;
    assert_problem(&bad, 403, "forbidden");
    server.stop().await;
}

#[tokio::test]
async fn a_deleted_video_is_gone_with_its_files() {
    let server = TestServer::start().await;
    let id = video(&server, "room").await;
    let backend = server
        .backend(&[Scope::RecordingsRead, Scope::RecordingsWrite])
        .await;
    let bare = format!("/streaming/videos/{id}");
    assert_eq!(backend.delete(&bare).await.status, 204);
    assert_eq!(backend.get(&bare).await.status, 404);
    assert_eq!(backend.delete(&bare).await.status, 404);
    assert!(!server.folder.path().join("recordings/recroom").exists());
}

// proves rest.POST /rooms/:roomId/recording/start, rest.POST /rooms/:roomId/recording/stop, rest.GET /rooms/:roomId/recording
#[tokio::test]
async fn a_server_without_a_browser_says_so() {
    let server = TestServer::of(tenant()).await;
    let backend = server
        .backend(&[Scope::RecordingsRead, Scope::RecordingsWrite])
        .await;
    for (room, status) in [("room", 400), ("a%20b", 404)] {
        for what in [
            format!("POST /rooms/{room}/recording/start"),
            format!("POST /rooms/{room}/recording/stop"),
            format!("GET /rooms/{room}/recording"),
        ] {
            let nobody = backend.send(&what, &[], "").await;
            assert_problem(&nobody, status, "room_not_found");
        }
    }
    let mut anna = server.client().await;
    let token = hs256(&json!({ "role": "moderator", "canRecord": true }));
    let welcome = anna
        .join_with(join_by("room", "Anna", &[("token", &token)]))
        .await;
    assert_eq!(welcome.you.no_recording, Some(NoRecording::NoBrowser));
    let started = backend
        .post("/rooms/room/recording/start", &json!({}))
        .await;
    assert_eq!(
        (started.status, &started.json()["code"]),
        (503, &json!("unavailable"))
    );
    let status = backend.get("/rooms/room/recording").await.json();
    assert_eq!(status["recording"], false);
    assert_eq!(status["unavailable"], "no_browser");
    let stopped = backend.post("/rooms/room/recording/stop", &json!({})).await;
    assert_eq!(
        (stopped.status, &stopped.json()["code"]),
        (404, &json!("not_found"))
    );
    let explained = http::get(server.address(), "/explain", &[]).await.json();
    assert_eq!(explained["recording"]["available"], false);
    let reason = explained["recording"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("no-browser"), "{reason}");
}
