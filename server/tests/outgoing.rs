//! Requests to integrators: what goes out, and what is not let out.

mod support;

use std::time::Duration;

use server::{
    limits::OutgoingLimits,
    outgoing::{Outgoing, OutgoingError, Post, Reply, Roots, Want},
};
use support::receiver::{Receiver, Script, deaf_url, reply};
use url::Url;

fn hasty() -> OutgoingLimits {
    OutgoingLimits {
        time: Duration::from_millis(100),
        ..OutgoingLimits::default()
    }
}

async fn post_by(
    outgoing: &Outgoing,
    url: &str,
    private_targets: bool,
) -> Result<Reply, OutgoingError> {
    let url = Url::parse(url).expect("a URL");
    let post = Post {
        url: &url,
        authorization: Some("Basic c2VjcmV0"),
        headers: &[],
        json: br#"{"a":1}"#.to_vec(),
        private_targets,
        want: Want::Body,
    };
    outgoing.post(post).await
}

async fn post(url: &str, private_targets: bool) -> Result<Reply, OutgoingError> {
    let outgoing = Outgoing::new(Roots::Machine, OutgoingLimits::default());
    post_by(&outgoing.expect("clients"), url, private_targets).await
}

#[tokio::test]
async fn request_is_json_by_post_with_the_authorization() {
    let mut receiver = Receiver::answering(200, "fine").await;
    let answer = post(&receiver.url(), true).await.expect("an answer");
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, &b"fine"[..]));
    let asked = receiver.asked().await;
    assert_eq!(asked.line, "POST /api/check HTTP/1.1");
    assert_eq!(asked.body, r#"{"a":1}"#);
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.header("authorization"), Some("Basic c2VjcmV0"));
    let agent = concat!("Meetframe/", env!("CARGO_PKG_VERSION"));
    assert_eq!(asked.header("user-agent"), Some(agent));
    assert_eq!(asked.header("cookie"), None);
}

#[tokio::test]
async fn private_targets_are_not_reached_unless_allowed() {
    let mut receiver = Receiver::answering(200, "").await;
    let port = receiver.address.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        // looked up, and found to be private only then
        "localhost",
    ] {
        let refused = post(&format!("https://{host}:{port}/"), false).await;
        assert_eq!(refused, Err(OutgoingError::Forbidden), "{host}");
    }
    let refused = post(&receiver.url(), false).await;
    assert_eq!(refused, Err(OutgoingError::Insecure));
    assert_eq!(receiver.times_asked(), 0);
    assert!(post(&receiver.url(), true).await.is_ok());
    assert_eq!(receiver.times_asked(), 1);
}

#[tokio::test]
async fn other_schemes_are_refused() {
    for url in [
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/plain,x",
    ] {
        assert_eq!(post(url, true).await, Err(OutgoingError::BadUrl), "{url}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut goal = Receiver::answering(200, "").await;
    let there = format!(
        "HTTP/1.1 307 Elsewhere\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        goal.url()
    );
    let receiver = Receiver::http(Script::Reply(there)).await;
    let answer = post(&receiver.url(), true).await.expect("an answer");
    assert_eq!(answer.status.as_u16(), 307);
    assert_eq!(goal.times_asked(), 0);
}

#[tokio::test]
async fn long_answers_are_cut_off() {
    let fits = Receiver::answering(200, &"x".repeat(64 * 1024)).await;
    assert!(post(&fits.url(), true).await.is_ok());
    let long = Receiver::answering(200, &"x".repeat(64 * 1024 + 1)).await;
    assert_eq!(post(&long.url(), true).await, Err(OutgoingError::TooLarge));
}

#[tokio::test]
async fn silence_refusal_and_nonsense_are_told_apart() {
    let silent = Receiver::http(Script::Silence).await;
    let outgoing = Outgoing::new(Roots::Machine, hasty()).expect("clients");
    let late = post_by(&outgoing, &silent.url(), true).await;
    assert_eq!(late, Err(OutgoingError::TimedOut));
    let refused = post(&deaf_url().await, true).await;
    assert_eq!(refused, Err(OutgoingError::Unreachable));
    let nonsense = Receiver::http(Script::Reply("what?\r\n\r\n".to_owned())).await;
    assert_eq!(
        post(&nonsense.url(), true).await,
        Err(OutgoingError::BadReply)
    );
    let cut = reply(200, "all of it").replace("all of it", "all");
    let cut = Receiver::http(Script::Reply(cut)).await;
    assert_eq!(post(&cut.url(), true).await, Err(OutgoingError::BadReply));
    let unknown = post("http://does-not-exist.invalid/", true).await;
    assert_eq!(unknown, Err(OutgoingError::Unreachable));
}

#[tokio::test]
async fn certificate_must_be_trusted() {
    let mut receiver = Receiver::https(Script::Reply(reply(200, "fine"))).await;
    let refused = post(&receiver.url(), true).await;
    let why = "the certificate's issuer is not trusted";
    assert_eq!(refused, Err(OutgoingError::Tls(why)));
    assert_eq!(receiver.times_asked(), 0);
    let roots = Roots::Only(vec![receiver.certificate.clone()]);
    let outgoing = Outgoing::new(roots, OutgoingLimits::default()).expect("clients");
    let answer = post_by(&outgoing, &receiver.url(), true).await;
    assert_eq!(answer.expect("an answer").body, b"fine");
    // and the name must be the certificate's
    let other = receiver.url().replace("localhost", "127.0.0.1");
    let refused = post_by(&outgoing, &other, true).await;
    let why = "the certificate is for another name";
    assert_eq!(refused, Err(OutgoingError::Tls(why)));
}

#[tokio::test]
async fn requests_beyond_the_bound_wait_for_their_turn_and_not_for_ever() {
    let silent = Receiver::http(Script::Silence).await;
    let limits = OutgoingLimits {
        at_once: 1,
        ..hasty()
    };
    let outgoing = Outgoing::new(Roots::Machine, limits).expect("clients");
    let url = silent.url();
    let (first, second) = tokio::join!(
        biased;
        post_by(&outgoing, &url, true),
        post_by(&outgoing, &url, true)
    );
    assert_eq!(first, Err(OutgoingError::TimedOut));
    assert_eq!(second, Err(OutgoingError::TimedOut));
}
