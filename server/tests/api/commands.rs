//! `meetframe token` and `meetframe user` beside a running server.

use std::{
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

use serde_json::json;

use crate::support::{
    api::assert_problem,
    database,
    http::{self, Response},
    process::{Process, program, run, stderr, stdout},
};

fn meetframe(folder: &Path, arguments: &str) -> Output {
    let mut command = program(folder);
    command
        .args(arguments.split(' '))
        .env("MEETFRAME__DATABASE__URL", database::address(folder));
    run(command)
}

/// What the command printed: one line.
fn line(folder: &Path, arguments: &str) -> String {
    let output = meetframe(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim().to_owned()
}

async fn me(server: &Process, token: &str) -> Response {
    let bearer = format!("Authorization: Bearer {token}");
    http::get(server.address, "/api/v1/me", &[&bearer]).await
}

async fn login(server: &Process, name: &str, password: &str) -> Response {
    let body = json!({"username": name, "password": password}).to_string();
    let json = ["Content-Type: application/json"];
    http::post(server.address, "/auth/jwt/login", &json, &body).await
}

#[tokio::test]
async fn token_is_made_listed_and_revoked_beside_the_running_server() {
    let folder = database::folder();
    let server = Process::start(folder.path());
    let create = "token create --name lessons --scope rooms:read,chat:write --expires 90d";
    let token = line(folder.path(), create);
    assert!(token.starts_with("mf_"), "{token}");
    let who = me(&server, &token).await.json();
    assert_eq!(who["scopes"], json!(["rooms:read", "chat:write"]));
    assert!(who["expiresAt"].is_string());
    let list = stdout(&meetframe(folder.path(), "token list"));
    let id = who["id"].as_str().expect("an id");
    assert!(list.contains(id) && list.contains("lessons"), "{list}");
    assert!(!list.contains(&token), "shown once: {list}");
    line(folder.path(), &format!("token revoke {id}"));
    assert_problem(&me(&server, &token).await, 401, "unauthorized");
    let again = meetframe(folder.path(), &format!("token revoke {token}"));
    assert_eq!(again.status.code(), Some(1));
    assert!(!stderr(&again).contains(&token), "{}", stderr(&again));
}

#[test]
fn wrong_scopes_and_tenants_are_named() {
    let folder = database::folder();
    let scope = meetframe(folder.path(), "token create --name x --scope rooms");
    assert!(stderr(&scope).contains("rooms:read"), "{}", stderr(&scope));
    let tenant = "token create --name x --scope all --tenant nobody.example";
    let tenant = meetframe(folder.path(), tenant);
    assert!(stderr(&tenant).contains("nobody.example"));
    assert_eq!(stdout(&tenant), "");
}

#[tokio::test]
async fn first_admin_comes_with_a_one_time_password_that_is_printed_once() {
    let folder = database::folder();
    let mut server = Process::start(folder.path());
    let said = server.says("Press Ctrl+C");
    let (_, password) = said.split_once("Password    ").expect("a password");
    let password = password.lines().next().expect("a password").to_owned();
    let answer = login(&server, "admin", &password).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let access = answer.json()["access"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_eq!(me(&server, &access).await.json()["scopes"], json!([]));
    assert_eq!(login(&server, "admin", "admin").await.status, 401);
    drop(server);
    let mut again = Process::start(folder.path());
    let said = again.says("Press Ctrl+C");
    assert!(!said.contains("Password"), "{said}");
    // even when nobody is left
    line(folder.path(), "user remove admin");
    drop(again);
    let said = Process::start(folder.path()).says("Press Ctrl+C");
    assert!(!said.contains("Password"), "{said}");
}

#[tokio::test]
async fn users_are_made_listed_given_passwords_and_removed() {
    let folder = database::folder();
    let server = Process::start(folder.path());
    let once = line(folder.path(), "user create Ada --role viewer");
    assert_eq!(login(&server, "ada", &once).await.status, 200);
    let list = stdout(&meetframe(folder.path(), "user list"));
    assert!(list.contains("ada") && list.contains("viewer"), "{list}");
    let taken = meetframe(folder.path(), "user create ada");
    assert!(stderr(&taken).contains("already"), "{}", stderr(&taken));
    let other = line(folder.path(), "user passwd ada");
    assert_eq!(login(&server, "ada", &once).await.status, 401);
    let tokens = login(&server, "ada", &other).await.json();
    line(folder.path(), "user remove ada");
    let access = tokens["access"].as_str().expect("a token");
    assert_problem(&me(&server, access).await, 401, "unauthorized");
}

#[tokio::test]
async fn password_can_come_from_the_standard_input() {
    let folder = database::folder();
    let server = Process::start(folder.path());
    let mut command = program(folder.path());
    command
        .args([
            "user",
            "create",
            "bob",
            "--role",
            "admin",
            "--password-stdin",
        ])
        .env("MEETFRAME__DATABASE__URL", database::address(folder.path()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let input = child.stdin.as_mut().expect("a pipe");
    input.write_all(b"correct horse battery\n").expect("sent");
    let output = child.wait_with_output().expect("the program ends");
    assert!(!stdout(&output).contains("horse"), "never shown");
    let answer = login(&server, "bob", "correct horse battery").await.json();
    let access = answer["access"].as_str().expect("a token");
    let scopes = me(&server, access).await.json()["scopes"].clone();
    assert_eq!(scopes.as_array().map(Vec::len), Some(10));
}
