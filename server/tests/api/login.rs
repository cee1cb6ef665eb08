//! People who log in.

use serde_json::{Value, json};
use server::{
    accounts::{Given, LoginLimits, NewUser, Password, Role},
    clock::Now,
    limits::Limits,
};

use crate::support::{
    TestServer,
    api::assert_problem,
    http::{self, Response},
    patient_limits,
};

const LOGIN: &str = "/auth/jwt/login";
const REFRESH: &str = "/auth/jwt/refresh";
const PASSWORD: &str = "correct horse battery";

async fn server() -> TestServer {
    server_with(LoginLimits::default()).await
}

async fn server_with(logins: LoginLimits) -> TestServer {
    let server = TestServer::with(Limits {
        logins,
        ..patient_limits()
    })
    .await;
    let own = Password::parse(PASSWORD).expect("a password");
    user(&server, "ada", Role::Admin, Given::Own(own)).await;
    server
}

async fn user(server: &TestServer, name: &str, role: Role, given: Given) {
    let new = NewUser {
        name: name.parse().expect("a name"),
        role,
        tenant: None,
    };
    let accounts = server.server().accounts();
    let made = accounts.create_user(new, given, Now::read().unix).await;
    made.expect("a user");
}

async fn post(server: &TestServer, path: &str, body: &Value) -> Response {
    let json = ["Content-Type: application/json"];
    http::post(server.address(), path, &json, &body.to_string()).await
}

async fn login(server: &TestServer, name: &str, password: &str) -> Response {
    let body = json!({"username": name, "password": password});
    post(server, LOGIN, &body).await
}

async fn refresh(server: &TestServer, tokens: &Value) -> Response {
    post(server, REFRESH, &json!({"refresh": tokens["refresh"]})).await
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().expect("a token")
}

async fn may_use(server: &TestServer, tokens: &Value) -> bool {
    let backend = server.backend_with(text(tokens, "access"));
    backend.get("/api/v1/me").await.status == 200
}

// proves rest.POST /auth/jwt/login
#[tokio::test]
async fn name_and_password_give_two_tokens_and_the_access_token_is_good() {
    let server = server().await;
    let answer = login(&server, "Ada", PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.json();
    let fields: Vec<&String> = tokens.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["access", "refresh"]);
    let access = text(&tokens, "access");
    assert!(access.starts_with("eyJ"), "a JWT: {access}");
    let me = server.backend_with(access).get("/api/v1/me").await.json();
    assert_eq!((&me["kind"], &me["name"]), (&json!("user"), &json!("ada")));
    let lasts = json!(me["expiresAt"]);
    let ends = server::token::Moment::read(&lasts).expect("a time");
    let left = ends.0.get() - Now::read().unix.get();
    assert!(
        (86_000_000..=86_400_000).contains(&left),
        "24 hours: {left}"
    );
    // a refresh token opens nothing
    let refresh = server.backend_with(text(&tokens, "refresh"));
    assert_problem(&refresh.get("/api/v1/me").await, 401, "unauthorized");
    server.stop().await;
}

// proves rest.POST /auth/jwt/login
#[tokio::test]
async fn unknown_user_and_wrong_password_get_the_same_answer() {
    let server = server().await;
    let wrong = login(&server, "ada", "wrong").await;
    assert_problem(&wrong, 401, "wrong_login");
    for (name, password) in [
        ("nobody", PASSWORD),
        ("no body\u{0}", PASSWORD),
        ("", ""),
        ("ada", ""),
    ] {
        let answer = login(&server, name, password).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.text(), wrong.text());
    }
    let bad = post(&server, LOGIN, &json!({"username": "ada"})).await;
    assert_problem(&bad, 400, "bad_request");
    server.stop().await;
}

// proves rest.POST /auth/jwt/refresh
#[tokio::test]
async fn refresh_token_is_good_once_and_its_second_use_ends_the_login() {
    let server = server().await;
    let first = login(&server, "ada", PASSWORD).await.json();
    let other = login(&server, "ada", PASSWORD).await.json();
    let answer = refresh(&server, &first).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let second = answer.json();
    assert!(may_use(&server, &second).await);
    assert_ne!(first["refresh"], second["refresh"]);
    // whoever stole it comes too late, and takes the login with them
    let stolen = refresh(&server, &first).await;
    assert_problem(&stolen, 401, "refresh_reused");
    assert!(!may_use(&server, &second).await);
    let late = refresh(&server, &second).await;
    assert_problem(&late, 401, "unauthorized");
    assert!(may_use(&server, &other).await, "another login");
    server.stop().await;
}

// proves rest.POST /auth/jwt/refresh
#[tokio::test]
async fn only_our_refresh_tokens_are_taken() {
    let server = server().await;
    let tokens = login(&server, "ada", PASSWORD).await.json();
    for bad in [&tokens["access"], &json!("eyJ0eXAiOiJKV"), &json!("")] {
        let refused = refresh(&server, &json!({"refresh": bad})).await;
        assert_problem(&refused, 401, "unauthorized");
    }
    let bad = post(&server, REFRESH, &json!({"refresh": 1})).await;
    assert_problem(&bad, 400, "bad_request");
    assert_eq!(refresh(&server, &tokens).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn logins_outlive_the_server() {
    let server = server().await;
    let tokens = login(&server, "ada", PASSWORD).await.json();
    let server = server.restart().await;
    assert!(may_use(&server, &tokens).await);
    assert_eq!(refresh(&server, &tokens).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn logging_out_and_removing_the_user_end_the_access_token_at_once() {
    let server = server().await;
    let tokens = login(&server, "ada", PASSWORD).await.json();
    let body = json!({"refresh": tokens["refresh"]});
    assert_eq!(post(&server, "/auth/jwt/logout", &body).await.status, 204);
    assert!(!may_use(&server, &tokens).await);
    let tokens = login(&server, "ada", PASSWORD).await.json();
    let name = "ada".parse().expect("a name");
    let removed = server.server().accounts().remove_user(&name).await;
    removed.expect("removed");
    assert!(!may_use(&server, &tokens).await);
    server.stop().await;
}

#[tokio::test]
async fn one_time_password_opens_nothing_until_it_is_changed() {
    let server = server().await;
    let once = Password::roll();
    user(&server, "bob", Role::Admin, Given::OneTime(once.clone())).await;
    let tokens = login(&server, "bob", once.expose()).await.json();
    let bob = server.backend_with(text(&tokens, "access"));
    let refused = bob.get("/api/v1/tokens").await;
    assert_problem(&refused, 403, "password_change_required");
    let wrong = json!({"current": "wrong", "new": "a password of my own"});
    let refused = bob.post("/auth/password", &wrong).await;
    assert_problem(&refused, 403, "wrong_password");
    let weak = json!({"current": once.expose(), "new": "short"});
    assert_eq!(bob.post("/auth/password", &weak).await.status, 400);
    let good = json!({"current": once.expose(), "new": "a password of my own"});
    let changed = bob.post("/auth/password", &good).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let changed = changed.json();
    assert!(!may_use(&server, &tokens).await, "the old login has ended");
    let bob = server.backend_with(text(&changed, "access"));
    assert_eq!(bob.get("/api/v1/tokens").await.status, 200);
    let old = login(&server, "bob", once.expose()).await;
    assert_problem(&old, 401, "wrong_login");
    server.stop().await;
}

#[tokio::test]
async fn one_time_password_ends() {
    let server = server_with(LoginLimits {
        one_time: std::time::Duration::ZERO,
        ..LoginLimits::default()
    })
    .await;
    let once = Password::roll();
    user(&server, "bob", Role::Admin, Given::OneTime(once.clone())).await;
    let refused = login(&server, "bob", once.expose()).await;
    assert_problem(&refused, 401, "password_ended");
    server.stop().await;
}

#[tokio::test]
async fn role_says_what_a_user_may() {
    let server = server().await;
    let own = Password::parse(PASSWORD).expect("a password");
    user(&server, "eve", Role::Viewer, Given::Own(own)).await;
    let tokens = login(&server, "eve", PASSWORD).await.json();
    let eve = server.backend_with(text(&tokens, "access"));
    let me = eve.get("/api/v1/me").await.json();
    let scopes = me["scopes"].as_array().expect("scopes");
    assert!(scopes.contains(&json!("rooms:read")), "{me}");
    assert!(!scopes.contains(&json!("rooms:write")), "{me}");
    let refused = eve.get("/api/v1/tokens").await;
    assert_problem(&refused, 403, "forbidden");
    server.stop().await;
}

#[tokio::test]
async fn wrong_passwords_of_a_user_are_limited() {
    let server = server_with(LoginLimits {
        wrong_each: 2,
        ..LoginLimits::default()
    })
    .await;
    for _ in 0..2 {
        assert_eq!(login(&server, "ada", "wrong").await.status, 401);
    }
    let refused = login(&server, "ada", PASSWORD).await;
    assert_problem(&refused, 429, "rate_limited");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=900).contains(&wait), "{wait}");
    // others may
    assert_eq!(login(&server, "nobody", "wrong").await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn wrong_passwords_from_an_address_are_limited() {
    let server = server_with(LoginLimits {
        wrong_from: 3,
        ..LoginLimits::default()
    })
    .await;
    for name in ["a", "b", "c"] {
        assert_eq!(login(&server, name, "wrong").await.status, 401);
    }
    let refused = login(&server, "ada", PASSWORD).await;
    assert_problem(&refused, 429, "rate_limited");
    server.stop().await;
}
