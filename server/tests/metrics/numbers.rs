//! What is counted.

use std::collections::BTreeSet;

use protocol::{ClientMessage, Join, RoomKind};
use serde_json::json;
use sqlx::{AssertSqlSafe, query};

use crate::{
    exposition::Exposition,
    support::{
        TestServer,
        client::{join, join_by},
        database, http,
        receiver::{Receiver, Script},
        tenant::{hs256, tenant},
        until,
    },
};

/// A name and a room that are nobody else's words.
const NAME: &str = "Zebedäus Quint";
const ROOM: &str = "zq-room-4711";

#[tokio::test]
async fn people_are_counted_by_role_and_counted_out_again() {
    let server = TestServer::of(tenant()).await;
    let leads = hs256(&json!({ "role": "moderator", "waitingRoom": true }));
    let mut moderator = server.client().await;
    moderator
        .join_with(join_by(ROOM, NAME, &[("token", &leads)]))
        .await;
    let mut viewer = server.client().await;
    let watches = Join {
        kind: RoomKind::Webinar,
        query: crate::support::tenant::query(&[("token", &hs256(&json!({ "role": "viewer" })))]),
        ..join(ROOM, "V")
    };
    let mut waiting = server.client().await;
    waiting.send(ClientMessage::Join(join(ROOM, "W"))).await;
    let _waits = viewer.send(ClientMessage::Join(watches)).await;
    until("two wait", async || {
        let shown = Exposition::of(&server).await;
        (shown.value("meetframe_lobby_people") - 2.0).abs() < f64::EPSILON
    })
    .await;
    let shown = Exposition::of(&server).await;
    for (sample, value) in [
        ("meetframe_rooms", 1.0),
        ("meetframe_people{role=\"moderator\"}", 1.0),
        ("meetframe_people{role=\"participant\"}", 0.0),
        ("meetframe_people{role=\"interpreter\"}", 0.0),
        ("meetframe_people{role=\"viewer\"}", 0.0),
        ("meetframe_sessions", 1.0),
        ("meetframe_joins_total", 1.0),
        ("meetframe_leaves_total", 0.0),
        ("meetframe_websockets", 3.0),
        ("meetframe_media_rooms{worker=\"0\"}", 1.0),
        ("meetframe_media_peers{worker=\"0\"}", 1.0),
        ("meetframe_media_workers", 1.0),
        ("meetframe_media_workers_answering", 1.0),
        ("meetframe_database_up", 1.0),
    ] {
        assert_eq!(shown.value(sample), value, "{sample}");
    }
    drop((viewer, waiting));
    moderator.ask_ok(ClientMessage::Leave).await;
    server.until_empty().await;
    until("all are counted out", async || {
        let shown = Exposition::of(&server).await;
        let rest = [
            "meetframe_rooms",
            "meetframe_lobby_people",
            "meetframe_websockets",
        ];
        let rest: f64 = rest.iter().map(|sample| shown.value(sample)).sum();
        rest == 0.0
    })
    .await;
    let shown = Exposition::of(&server).await;
    assert_eq!(shown.value("meetframe_people{role=\"moderator\"}"), 0.0);
    assert_eq!(shown.value("meetframe_joins_total"), 1.0);
    assert_eq!(shown.value("meetframe_leaves_total"), 1.0);
}

#[tokio::test]
async fn no_label_and_no_value_says_who_and_where() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    client.join(ROOM, NAME).await;
    let path = format!("/explain/call/{ROOM}?displayName=Zebed&peerId=zq-peer");
    http::get(server.address(), &path, &[]).await;
    http::get(server.address(), &format!("/call/{ROOM}"), &[]).await;
    http::get(server.address(), "/no/such/zq-page", &[]).await;
    http::get(server.address(), "/pkg/meetframe.cc33.css", &[]).await;
    let shown = Exposition::of(&server).await;
    let labels: Vec<&str> = shown.labels.iter().map(String::as_str).collect();
    let few = [
        "kind", "le", "method", "role", "route", "state", "status", "version", "worker",
    ];
    assert_eq!(labels, few);
    for word in ["zq-", "Zebed", "Quint"] {
        assert!(!shown.text.contains(word), "{word} in {}", shown.text);
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status() {
    let server = TestServer::start().await;
    for _ in 0..3 {
        http::get(server.address(), "/healthz", &[]).await;
    }
    http::get(server.address(), "/no/such/page", &[]).await;
    let shown = Exposition::of(&server).await;
    let of = |route, status| {
        let sample = format!(
            "meetframe_http_requests_total{{method=\"GET\",route=\"{route}\",status=\"{status}\"}}"
        );
        shown.value(&sample)
    };
    assert_eq!(of("/healthz", 200), 3.0);
    assert_eq!(of("other", 404), 1.0);
    let count = "meetframe_http_answer_seconds_count{route=\"/healthz\"}";
    assert_eq!(shown.value(count), 3.0);
}

#[tokio::test]
async fn webhooks_that_wait_are_counted_with_their_age() {
    let receiver = Receiver::http(Script::Silence).await;
    let mut tenant = tenant();
    tenant.event_url = Some(receiver.url());
    let server = TestServer::of(tenant).await;
    let idle = Exposition::of(&server).await;
    assert_eq!(idle.value("meetframe_webhook_lag_seconds"), 0.0);
    let mut client = server.client().await;
    client.join(ROOM, NAME).await;
    until("a webhook waits", async || {
        let shown = Exposition::of(&server).await;
        shown.value("meetframe_webhook_messages{state=\"waiting\"}") >= 1.0
            && shown.value("meetframe_webhook_lag_seconds") > 0.0
    })
    .await;
}

#[tokio::test]
async fn what_the_database_does_not_do_is_counted_by_kind() {
    let server = TestServer::start().await;
    let backend = server.admin().await;
    let idle = Exposition::of(&server).await;
    let of = |shown: &Exposition, kind| {
        shown.value(&format!(
            "meetframe_database_errors_total{{kind=\"{kind}\"}}"
        ))
    };
    for kind in [
        "busy",
        "connection",
        "constraint",
        "full",
        "other",
        "refused",
        "timeout",
    ] {
        assert_eq!(of(&idle, kind), 0.0, "{kind}");
    }
    // tables go: for a statement alone, and for one within a transaction
    let mut database = database::connection(server.folder.path()).await;
    for table in ["planned_rooms", "idempotency_keys"] {
        let away = format!("ALTER TABLE {table} RENAME TO gone_{table}");
        let done = query(AssertSqlSafe(away)).execute(&mut database).await;
        done.expect("renamed");
    }
    assert_eq!(backend.get("/api/v1/rooms").await.status, 500);
    let again = ["Idempotency-Key: once"];
    let body = json!({ "roomId": "room" });
    let refused = backend.send_json("POST /api/v1/rooms", &again, &body).await;
    assert_eq!(refused.status, 500);
    let shown = Exposition::of(&server).await;
    // no such table: an error on SQLite, PostgreSQL refuses
    assert_eq!(of(&shown, "other") + of(&shown, "refused"), 2.0);
    assert_eq!(of(&shown, "connection"), 0.0);
}

#[tokio::test]
async fn the_process_and_the_program_are_told() {
    let server = TestServer::start().await;
    let shown = Exposition::of(&server).await;
    let version = env!("CARGO_PKG_VERSION");
    let build = format!("meetframe_build_info{{version=\"{version}\"}}");
    assert_eq!(shown.value(&build), 1.0);
    assert!(shown.value("process_start_time_seconds") > 1_700_000_000.0);
    if cfg!(target_os = "linux") {
        assert!(shown.value("process_resident_memory_bytes") > 1_000_000.0);
        assert!(shown.value("process_open_fds") > 3.0);
        assert!(shown.value("process_cpu_seconds_total") > 0.0);
    }
    // every counter of media is there before anything was sent
    let media: BTreeSet<_> = shown
        .names
        .iter()
        .filter(|n| n.contains("_media_"))
        .collect();
    assert!(media.len() > 25, "{media:?}");
}
