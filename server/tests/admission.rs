//! Who is admitted, and as whom: tokens, tickets and tenants at the door of
//! the WebSocket. How long tokens last is in `lifetime`.

mod support;

use jsonwebtoken::Algorithm;
use protocol::{ClientMessage, ErrorCode, Join, Role, RoomKind, ServerMessage};
use serde_json::{Value, json};
use server::config::{Secret, TenantSettings};
use support::{
    TestServer,
    client::{code, join, join_by, peer_id, refusal, snapshot, welcome},
    patient_limits,
    tenant::{PUBLIC_KEY, SECRET, hs256, rs256, seconds_from_now, sign, tenant},
};

fn strict() -> TenantSettings {
    TenantSettings {
        require_token: true,
        ..tenant()
    }
}

fn by_token(token: &str) -> Join {
    join_by("room", "Ada", &[("token", token)])
}

async fn try_join(server: &TestServer, wish: Join) -> ServerMessage {
    let mut client = server.client().await;
    client.ask(ClientMessage::Join(wish)).await
}

async fn try_token(server: &TestServer, token: &str) -> ServerMessage {
    try_join(server, by_token(token)).await
}

/// The token with its claims replaced and its signature kept.
fn tampered(token: &str, claims: &Value) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let other = sign(Algorithm::HS256, None, b"x", claims);
    parts[1] = other.split('.').nth(1).expect("claims").to_owned();
    parts.join(".")
}

/// {"alg":"none","typ":"JWT"}, the claims of the token, and no signature.
fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).expect("claims");
    format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.")
}

// proves attr.token
#[tokio::test]
async fn tokens_of_either_algorithm_say_who_somebody_is() {
    let server = TestServer::of(strict()).await;
    let claims = json!({
        "roomId": "room", "role": "moderator", "peerId": "ada", "displayName": "Countess",
    });
    for token in [hs256(&claims), rs256(&claims)] {
        let seat = welcome(try_token(&server, &token).await);
        assert_eq!(seat.peer_id.as_str(), "ada");
        let you = seat.you.participant;
        assert_eq!(you.role, Role::Moderator);
        assert_eq!(you.display_name.as_str(), "Countess");
    }
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let server = TestServer::of(strict()).await;
    let (plain, better) = (json!({"roomId": "room"}), json!({"role": "moderator"}));
    let good = hs256(&plain);
    let (huge, short) = ("x".repeat(20_000), good.trim_end_matches('A').len() - 2);
    let far = json!({"roomId": "room", "pad": "x".repeat(9_000)});
    let secret = SECRET.as_bytes();
    let forged = [
        ("no signature", unsigned(&good)),
        (
            "an empty signature",
            format!("{}.", good.rsplit_once('.').expect("parts").0),
        ),
        ("a signature cut off", good[..short].to_owned()),
        ("other claims", tampered(&good, &better)),
        ("other claims, RS256", tampered(&rs256(&plain), &better)),
        (
            "HS256 with the public key of RS256",
            sign(Algorithm::HS256, Some("b"), PUBLIC_KEY.as_bytes(), &plain),
        ),
        (
            "the same without a kid",
            sign(Algorithm::HS256, None, PUBLIC_KEY.as_bytes(), &plain),
        ),
        (
            "the same under the other kid",
            sign(Algorithm::HS256, Some("a"), PUBLIC_KEY.as_bytes(), &plain),
        ),
        (
            "a kid that nobody has",
            sign(Algorithm::HS256, Some("c"), secret, &plain),
        ),
        (
            "the kid of the other key",
            sign(Algorithm::HS256, Some("b"), secret, &plain),
        ),
        (
            "another algorithm",
            sign(Algorithm::HS512, Some("a"), secret, &plain),
        ),
        (
            "another secret",
            sign(Algorithm::HS256, Some("a"), b"another secret", &plain),
        ),
        ("nonsense", "a.b.c".to_owned()),
        ("something endless", huge),
        ("something endless that is signed", hs256(&far)),
    ];
    for (what, token) in forged {
        let reply = try_token(&server, &token).await;
        assert_eq!(code(&reply), ErrorCode::TokenInvalid, "{what}");
    }
    welcome(try_token(&server, &good).await);
}

#[tokio::test]
async fn token_has_its_time() {
    let server = TestServer::of(strict()).await;
    let at = |name: &str, seconds| hs256(&json!({ name: seconds_from_now(seconds) }));
    for (token, expected) in [
        (at("exp", -60), ErrorCode::TokenExpired),
        (at("nbf", 60), ErrorCode::TokenNotYetValid),
    ] {
        let reply = try_token(&server, &token).await;
        assert_eq!(code(&reply), expected);
    }
    // clocks differ a little
    for token in [at("exp", -5), at("exp", 60), at("nbf", 5)] {
        welcome(try_token(&server, &token).await);
    }
}

// proves attr.startTime
#[tokio::test]
async fn event_that_has_not_started_lets_nobody_in() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"startTime": "2100-01-01T00:00:00Z"}));
    let refused = refusal(try_token(&server, &token).await);
    assert_eq!(refused.code, ErrorCode::NotStarted);
    let starts_at = refused.details.expect("details").starts_at;
    assert_eq!(starts_at, Some(4_102_444_800_000));
    let token = hs256(&json!({"startTime": "2001-01-01T00:00:00Z"}));
    welcome(try_token(&server, &token).await);
}

// proves attr.roomId
#[tokio::test]
async fn token_is_good_for_its_room_only() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"roomId": "other"}));
    let reply = try_token(&server, &token).await;
    assert_eq!(code(&reply), ErrorCode::TokenRoom);
}

#[tokio::test]
async fn tenant_may_require_a_token() {
    let server = TestServer::of(strict()).await;
    let mut ada = server.client().await;
    let reply = ada.ask(ClientMessage::Join(join("room", "Ada"))).await;
    assert_eq!(code(&reply), ErrorCode::TokenRequired);
    ada.closed().await;
    let reply = try_join(&server, by_token("")).await;
    assert_eq!(code(&reply), ErrorCode::TokenRequired);
    assert_eq!(server.server().registry().count().await, Ok(0));
}

#[tokio::test]
async fn host_decides_whose_room_it_is() {
    let school = TenantSettings {
        hostname: "school.example".to_owned(),
        ..strict()
    };
    let mut other = TenantSettings {
        hostname: "other.example".to_owned(),
        ..strict()
    };
    other.jwt_keys[0].secret = Some(Secret::new("x".repeat(40)));
    let default = TenantSettings::default();
    let tenants = vec![default, school, other];
    let server = TestServer::with_tenants(patient_limits(), tenants).await;
    let token = hs256(&json!({"roomId": "room"}));

    let mut pupil = server.client_of("School.Example:8443").await;
    let seat = pupil.join_with(by_token(&token)).await;
    // another tenant has other keys
    let mut thief = server.client_of("other.example").await;
    let reply = thief.ask(ClientMessage::Join(by_token(&token))).await;
    assert_eq!(code(&reply), ErrorCode::TokenInvalid);
    // a room of the same name of another tenant is another room
    let mut stranger = server.client_of("unknown.example").await;
    let alone = stranger.join("room", "Eve").await;
    assert_eq!(snapshot(&alone).participants.len(), 1);
    // and a ticket does not lead from one to the other
    let mut thief = server.client_of("unknown.example").await;
    let reply = thief.resume("room", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::BadTicket);
    let mut thief = server.client_of("unknown.example").await;
    let mut wish = join("room", "Eve");
    wish.ticket = Some(seat.ticket.clone());
    let reply = thief.ask(ClientMessage::Join(wish)).await;
    assert_eq!(code(&reply), ErrorCode::BadTicket);
    let mut back = server.client_of("school.example").await;
    assert!(welcome(back.resume("room", &seat.ticket, 1).await).resumed);
}

// proves attr.peerId, attr.displayName
#[tokio::test]
async fn token_wins_over_address_and_address_over_what_the_client_says() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"peerID": "by token", "displayName": "Token"}));
    let address = [("peerId", "by address"), ("displayName", "Address")];
    let mut wish = join_by("room", "Client", &address);
    wish.peer_id = Some(peer_id("by client"));
    let seat = welcome(try_join(&server, wish.clone()).await);
    assert_eq!(seat.peer_id.as_str(), "by address");
    assert_eq!(seat.you.participant.display_name.as_str(), "Address");

    let all = [&address[..], &[("token", token.as_str())]].concat();
    let seat = welcome(try_join(&server, join_by("room", "Client", &all)).await);
    assert_eq!(seat.peer_id.as_str(), "by token");
    assert_eq!(seat.you.participant.display_name.as_str(), "Token");

    // without either the client has its own name, and an id that nobody chose
    wish.query.clear();
    let seat = welcome(try_join(&server, wish).await);
    let uuid = uuid::Uuid::parse_str(seat.peer_id.as_str()).expect("a UUID");
    assert_eq!(uuid.get_version_num(), 4);
    assert_eq!(seat.you.participant.display_name.as_str(), "Client");
}

// proves attr.peerId
#[tokio::test]
async fn id_of_a_token_is_taken_over_by_token_alone() {
    let server = TestServer::of(tenant()).await;
    let by_token = || by_token(&hs256(&json!({"peerId": "boss", "role": "moderator"})));
    let mut boss = server.client().await;
    boss.join_with(by_token()).await;
    let by_address = join_by("room", "Eve", &[("peerId", "boss")]);
    let reply = try_join(&server, by_address).await;
    assert_eq!(code(&reply), ErrorCode::PeerIdTaken);
    assert_eq!(boss.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    welcome(try_join(&server, by_token()).await);
    assert_eq!(boss.ended().await.code, ErrorCode::Replaced);
}

// proves attr.displayName
#[tokio::test]
async fn name_of_the_address_is_for_the_first_time_and_that_of_the_token_for_ever() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"displayName": "Token"}));
    for (query, expected) in [
        (("displayName", "Address"), "Changed"),
        (("token", token.as_str()), "Token"),
    ] {
        let first = join_by("room", "Client", &[query]);
        let seat = welcome(try_join(&server, first.clone()).await);
        let back = Join {
            display_name: "Changed".into(),
            ticket: Some(seat.ticket.clone()),
            ..first
        };
        let again = welcome(try_join(&server, back).await);
        assert_eq!(again.you.participant.display_name.as_str(), expected);
    }
}

// proves attr.itisparticipant, attr.role
#[tokio::test]
async fn interface_and_token_make_the_role() {
    let server = TestServer::of(tenant()).await;
    let moderator = hs256(&json!({"role": "moderator"}));
    let interpreter = hs256(&json!({"role": "interpreter", "intLang": "fr"}));
    let speaker = hs256(&json!({"itisparticipant": true}));
    let watcher = hs256(&json!({"itisparticipant": false}));
    let (call, webinar) = (RoomKind::Call, RoomKind::Webinar);
    for (kind, query, role) in [
        (call, ("x", "y"), Role::Participant),
        (call, ("role", "moderator"), Role::Participant),
        (call, ("token", moderator.as_str()), Role::Moderator),
        (call, ("token", interpreter.as_str()), Role::Interpreter),
        // the address of the other interface is no way on stage
        (call, ("token", watcher.as_str()), Role::Viewer),
        (call, ("itisparticipant", "false"), Role::Participant),
        (webinar, ("x", "y"), Role::Viewer),
        (webinar, ("itisparticipant", "true"), Role::Participant),
        (webinar, ("token", speaker.as_str()), Role::Participant),
        (webinar, ("token", watcher.as_str()), Role::Viewer),
        (webinar, ("role", "moderator"), Role::Viewer),
        (webinar, ("token", moderator.as_str()), Role::Moderator),
    ] {
        let wish = Join {
            kind,
            ..join_by("room", "Ada", &[query])
        };
        let seat = welcome(try_join(&server, wish).await);
        assert_eq!(seat.you.participant.role, role, "{kind:?} {query:?}");
    }
}

/// The same tenant, with clocks that may differ by so much.
fn strict_within(seconds: u32) -> TenantSettings {
    TenantSettings {
        token_leeway_seconds: seconds,
        ..strict()
    }
}

async fn with_ticket(server: &TestServer, ticket: &str, token: &str) -> ServerMessage {
    let wish = Join {
        ticket: Some(ticket.to_owned()),
        ..by_token(token)
    };
    try_join(server, wish).await
}

#[tokio::test]
async fn ticket_stands_for_the_time_of_its_own_token_but_not_for_its_signature() {
    let server = TestServer::of(strict_within(600)).await;
    let claims = json!({"peerId": "ada", "exp": seconds_from_now(-60)});
    let token = hs256(&claims);
    let seat = welcome(try_token(&server, &token).await);
    // it was good when they came, and it is no more
    let server = server.restart_as(vec![strict_within(0)]).await;
    assert_eq!(
        code(&try_token(&server, &token).await),
        ErrorCode::TokenExpired
    );
    let again = welcome(with_ticket(&server, &seat.ticket, &token).await);
    let again = welcome(with_ticket(&server, &again.ticket, &token).await);
    let forged = tampered(&token, &json!({"peerId": "ada", "role": "moderator"}));
    let forged = with_ticket(&server, &again.ticket, &forged).await;
    assert_eq!(code(&forged), ErrorCode::TokenInvalid);
    let other = hs256(&json!({"peerId": "bob"}));
    let other = with_ticket(&server, &again.ticket, &other).await;
    assert_eq!(code(&other), ErrorCode::BadTicket);
    // nor is it a token where one is required
    let wish = Join {
        ticket: Some(again.ticket.clone()),
        ..join("room", "Ada")
    };
    let reply = try_join(&server, wish).await;
    assert_eq!(code(&reply), ErrorCode::TokenRequired);
}

/// Tokens that would make moderators at another time.
fn untimely() -> [(String, ErrorCode); 3] {
    let leads = |name: &str, value: Value| {
        hs256(&json!({
            "peerId": "ada", "role": "moderator", "canRecord": true, name: value,
        }))
    };
    [
        (
            leads("exp", json!(seconds_from_now(-600))),
            ErrorCode::TokenExpired,
        ),
        (
            leads("nbf", json!(seconds_from_now(600))),
            ErrorCode::TokenNotYetValid,
        ),
        (
            leads("startTime", json!("2100-01-01")),
            ErrorCode::NotStarted,
        ),
    ]
}

#[tokio::test]
async fn ticket_makes_no_other_token_good() {
    let server = TestServer::of(tenant()).await;
    let plain = hs256(&json!({"peerId": "ada"}));
    let seat = welcome(try_token(&server, &plain).await);
    for (token, expected) in untimely() {
        let reply = with_ticket(&server, &seat.ticket, &token).await;
        assert_eq!(code(&reply), expected);
    }
    let back = welcome(with_ticket(&server, &seat.ticket, &plain).await);
    assert_eq!(back.you.participant.role, Role::Participant);
}

#[tokio::test]
async fn ticket_of_who_waits_makes_no_other_token_good() {
    let server = TestServer::of(tenant()).await;
    let guard = hs256(&json!({"role": "moderator", "waitingRoom": true}));
    let mut moderator = server.client().await;
    moderator.join_with(by_token(&guard)).await;
    let plain = hs256(&json!({"peerId": "ada"}));
    let reply = try_token(&server, &plain).await;
    let ServerMessage::Waiting { ticket } = reply else {
        panic!("Ada does not wait: {reply:?}");
    };
    for (token, expected) in untimely() {
        let reply = with_ticket(&server, &ticket, &token).await;
        assert_eq!(code(&reply), expected);
    }
    let reply = with_ticket(&server, &ticket, &plain).await;
    assert!(matches!(reply, ServerMessage::Waiting { .. }), "{reply:?}");
}

#[tokio::test]
async fn ticket_does_not_prove_an_id_that_an_address_gave() {
    let server = TestServer::of(tenant()).await;
    let mut eve = server.client().await;
    let by_address = join_by("room", "Eve", &[("peerId", "boss")]);
    let seat = eve.join_with(by_address.clone()).await;
    let mut boss = server.client().await;
    boss.join_with(by_token(&hs256(&json!({"peerId": "boss"}))))
        .await;
    assert_eq!(eve.ended().await.code, ErrorCode::Replaced);
    for query in [by_address.query, String::new()] {
        let wish = Join {
            query,
            ticket: Some(seat.ticket.clone()),
            ..join("room", "Eve")
        };
        let reply = try_join(&server, wish).await;
        assert_eq!(code(&reply), ErrorCode::PeerIdTaken);
    }
    assert_eq!(boss.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}
