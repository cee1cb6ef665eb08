//! Signatures, checked as receivers do it.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use server::{
    clock::{Now, UnixMillis},
    webhooks::{BadSecret, MessageId, SigningKey},
};
use sha2::Sha256;

use crate::{
    hooks::{SECRET, come, eager, go, scripted},
    support::receiver::{Asked, Script, reply},
};

/// Checks a message as the scheme tells receivers to.
fn check(asked: &Asked) {
    let key = STANDARD.decode(&SECRET["whsec_".len()..]).expect("base64");
    let id = asked.header("webhook-id").expect("an id");
    let time = asked.header("webhook-timestamp").expect("a time");
    let seconds: u64 = time.parse().expect("seconds");
    assert!(Now::read().unix.seconds().abs_diff(seconds) < 300);
    let signatures = asked.header("webhook-signature").expect("a signature");
    let (version, signature) = signatures.split_once(',').expect("a version");
    assert_eq!(version, "v1");
    let signature = STANDARD.decode(signature).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    for part in [id, ".", time, ".", asked.body.as_str()] {
        mac.update(part.as_bytes());
    }
    mac.verify_slice(&signature).expect("a good signature");
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn messages_are_signed_each_time_they_are_sent() {
    let script = Script::Steps(vec![Some(reply(500, "")), Some(reply(200, ""))]);
    let (server, mut receiver) = scripted(eager(), script).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    for _ in 0..3 {
        check(&receiver.asked().await);
    }
}

#[test]
fn signature_is_that_of_the_scheme() {
    let key = SigningKey::parse(SECRET).expect("a key");
    let id = MessageId::from_sql("msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned());
    let at = UnixMillis::new(1_614_265_330_999);
    let signature = key.sign(&id, at, r#"{"test": 2432232314}"#);
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn secret_has_the_form_of_the_scheme() {
    let bytes = |n: usize| format!("whsec_{}", STANDARD.encode(vec![7; n]));
    for n in [24, 64] {
        assert!(SigningKey::parse(&bytes(n)).is_ok());
    }
    for (text, wrong) in [
        (bytes(23), BadSecret::Length(23)),
        (bytes(65), BadSecret::Length(65)),
        ("whsec_???".to_owned(), BadSecret::Base64),
        ("hush".to_owned(), BadSecret::Prefix),
        (String::new(), BadSecret::Prefix),
    ] {
        assert_eq!(SigningKey::parse(&text), Err(wrong));
    }
    assert!(!format!("{:?}", SigningKey::parse(SECRET)).contains("MfKQ"));
}
