//! What may be asked, and by whom.

use protocol::RoomKind;
use server::{accounts::Scope, clock::Now, statistics::Period};

use crate::{
    diary::{DAY, Diary, HOUR, ROOM},
    support::{
        TestServer,
        api::assert_problem,
        client::{Client, join_by, room_key},
        http, patient_limits, until,
    },
};

const BOTH: [&str; 4] = ["summary", "summary/", "", "."];

/// The addresses with and without the last slash.
fn paths(query: &str) -> Vec<String> {
    let path = |what: &str| match what {
        "." => format!("/streaming/statistics/peers?{query}"),
        what => format!("/streaming/statistics/peers/{what}?{query}"),
    };
    BOTH.into_iter().map(path).collect()
}

// proves rest.GET /streaming/statistics/peers/, rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn times_are_given_in_any_usual_way() {
    let diary = Diary::open().await;
    diary.visit("ada", HOUR, 2 * HOUR).await;
    for (from, to) in [
        ("2021-06-21T00:00:00.0Z", "2021-06-22T23:59:59.99Z"),
        ("2021-06-21", "2021-06-22"),
        ("2021-06-21T02:00:00+02:00", "2021-06-21T23:00:00-01:00"),
        ("1624233600", "1624320000"),
        ("1624233600000", "1624320000000"),
    ] {
        for path in paths(&format!("from={from}&to={to}&room_id={ROOM}")) {
            let answer = diary.backend().await.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        }
    }
}

// proves rest.GET /streaming/statistics/peers/, rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn nobody_there_is_404() {
    let diary = Diary::open().await;
    diary.visit("ada", HOUR, 2 * HOUR).await;
    for what in ["summary", ""] {
        for (from, to) in [(0, HOUR - 1), (2 * HOUR + 1, DAY)] {
            assert_problem(&diary.ask(what, from, to).await, 404, "not_found");
        }
    }
    let query = "room_id=nobody&from=0&to=2000000000";
    let unknown = diary.backend().await.get(&paths(query)[0]).await;
    assert_problem(&unknown, 404, "not_found");
}

// proves rest.GET /streaming/statistics/peers/, rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn what_cannot_be_understood_is_400() {
    let server = TestServer::with(patient_limits()).await;
    for query in [
        "",
        "room_id=room",
        "room_id=room&from=0",
        "room_id=room&to=1",
        "from=0&to=1",
        "room_id=&from=0&to=1",
        "room_id=a%20b&from=0&to=1",
        "room_id=room&from=yesterday&to=today",
        "room_id=room&from=-1&to=1",
        "room_id=room&from=2&to=1",
    ] {
        let backend = server.backend(&[Scope::StatisticsRead]).await;
        let answer = backend.get(&paths(query)[0]).await;
        assert_problem(&answer, 400, "bad_request");
    }
}

// proves rest.GET /streaming/statistics/peers/, rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn others_are_told_nothing() {
    let diary = Diary::open().await;
    diary.visit("ada", HOUR, 2 * HOUR).await;
    let query = format!("room_id={ROOM}&from=0&to=2000000000");
    for path in paths(&query) {
        let nobody = http::get(diary.server.address(), &path, &[]).await;
        assert_problem(&nobody, 401, "unauthorized");
        let other = diary.server.backend(&[Scope::RoomsRead]).await;
        assert_problem(&other.get(&path).await, 403, "forbidden");
        let scopes = [Scope::StatisticsRead];
        let stranger = diary.server.token_for(&scopes, Some("other.example")).await;
        let stranger = diary.server.backend_with(&stranger);
        assert_problem(&stranger.get(&path).await, 403, "wrong_tenant");
    }
}

async fn come(server: &TestServer, peer: &str, kind: RoomKind) -> Client {
    let mut client = server.client().await;
    let join = protocol::Join {
        kind,
        ..join_by("live", peer, &[("peerId", peer)])
    };
    client.join_with(join).await;
    client
}

// proves rest.GET /streaming/statistics/peers/, rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn real_people_are_counted_while_they_are_there_and_after_a_restart() {
    let server = TestServer::with(patient_limits()).await;
    let _ada = come(&server, "ada", RoomKind::Call).await;
    let _vic = come(&server, "vic", RoomKind::Webinar).await;
    let now = Now::read().unix.seconds();
    let query = format!("room_id=live&from={}&to={}", now - 60, now + 60);
    let database = server.database().await;
    until("both are written down", async || {
        let visits = database.visits(&room_key("live"), Period::ALWAYS).await;
        visits.expect("visits").len() == 2
    })
    .await;
    let backend = server.backend(&[Scope::StatisticsRead]).await;
    let summary = backend.get(&paths(&query)[0]).await.json();
    assert_eq!(summary["data"]["participants"], 2, "{summary}");
    drop(backend);
    let server = server.restart().await;
    let backend = server.backend(&[Scope::StatisticsRead]).await;
    let answer = backend.get(&paths(&query)[2]).await.json();
    let people = answer["data"].as_array().expect("a list");
    assert_eq!(people.len(), 2, "{answer}");
}
