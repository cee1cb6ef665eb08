//! How often a token may ask.

use std::time::{Duration, Instant};

use futures::future::join_all;
use server::accounts::Scope;

use crate::support::{
    TestServer,
    api::assert_problem,
    database,
    http::{self, Response},
    patient_limits,
    process::{Process, program, run, stdout},
};

fn token(folder: &std::path::Path) -> String {
    let mut command = program(folder);
    command
        .args(["token", "create", "--name", "x", "--scope", "all"])
        .env("MEETFRAME__DATABASE__URL", database::address(folder));
    stdout(&run(command)).trim().to_owned()
}

async fn me(server: &Process, token: &str) -> Response {
    let bearer = format!("Authorization: Bearer {token}");
    http::get(server.address, "/api/v1/me", &[&bearer]).await
}

#[tokio::test]
async fn token_that_asks_too_often_is_told_how_long_to_wait() {
    let folder = database::folder();
    let rate = [("MEETFRAME__API__REQUESTS_PER_SECOND", "2")];
    let server = Process::start_with(folder.path(), &rate);
    let (one, other) = (token(folder.path()), token(folder.path()));
    let first = me(&server, &one).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(first.header("ratelimit-policy"), "\"general\";q=2;w=1");
    assert_eq!(first.header("ratelimit"), "\"general\";r=1;t=1");
    // a slow machine may take more than a second for the first ones
    let mut refused = me(&server, &one).await;
    for _ in 0..50 {
        if refused.status == 429 {
            break;
        }
        refused = me(&server, &one).await;
    }
    assert_problem(&refused, 429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit"), "\"general\";r=0;t=1");
    assert_eq!(me(&server, &other).await.status, 200, "another token");
}

/// What a token gets for five requests within a second. A machine that is too
/// slow for that tries again with another token.
async fn five_at_once(server: &TestServer, path: &str) -> Vec<Response> {
    loop {
        let backend = server
            .backend(&[Scope::StatisticsRead, Scope::RecordingsRead])
            .await;
        let began = Instant::now();
        let answers = join_all((0..5).map(|_| backend.get(path))).await;
        if began.elapsed() < Duration::from_secs(1) {
            return answers;
        }
    }
}

// proves rest.GET /streaming/statistics/peers/summary, rest.GET /streaming/statistics/peers/, rest.GET /streaming/videos/search, rest.GET /streaming/videos/:id
#[tokio::test]
async fn statistics_and_videos_take_four_requests_a_second_without_a_setting() {
    let server = TestServer::with(patient_limits()).await;
    let span = "room_id=room&from=0&to=1";
    for path in [
        &format!("/streaming/statistics/peers/summary?{span}"),
        &format!("/streaming/statistics/peers/?{span}"),
        "/streaming/videos/search?q=room",
        "/streaming/videos/1",
    ] {
        let answers = five_at_once(&server, path).await;
        for answer in &answers {
            let policy = answer.header("ratelimit-policy");
            assert_eq!(policy, "\"statistics\";q=4;w=1", "{path}");
        }
        let mut refused = answers.iter().filter(|answer| answer.status == 429);
        let one = refused.next().expect("the fifth is too much");
        assert_problem(one, 429, "rate_limited");
        assert_eq!(one.header("ratelimit"), "\"statistics\";r=0;t=1");
        assert_eq!(one.header("retry-after"), "1");
        assert_eq!(refused.count(), 0, "{path}: four are not");
    }
    server.stop().await;
}
