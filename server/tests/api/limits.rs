//! How often a token may ask.

use crate::support::{
    database,
    http::{self, Response},
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
    crate::support::api::assert_problem(&refused, 429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit"), "\"general\";r=0;t=1");
    assert_eq!(me(&server, &other).await.status, 200, "another token");
}
