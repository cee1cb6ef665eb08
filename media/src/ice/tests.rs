//! Checks as a browser sends them, and as it does not.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use rtc_stun::{
    attributes::{
        ATTR_ERROR_CODE, ATTR_ICE_CONTROLLED, ATTR_MESSAGE_INTEGRITY, ATTR_UNKNOWN_ATTRIBUTES,
        ATTR_USE_CANDIDATE, ATTR_USERNAME, AttrType,
    },
    error_code::ErrorCodeAttribute,
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{BINDING_REQUEST, BINDING_SUCCESS, Getter, Message, Setter, TransactionId},
    xoraddr::XorMappedAddress,
};

use super::{
    agent::{Agent, CONSENT, Path},
    fresh_credentials, local_ufrag,
    request::{self, Reply},
};

fn crypto() -> std::sync::Arc<dyn rtc_crypto::RTCCryptoProvider> {
    rtc_crypto::default_provider().unwrap()
}

/// A request for an agent, with attributes of one's choice before the
/// integrity.
fn request(ufrag: &str, password: &str, attributes: &[(AttrType, &[u8])]) -> Vec<u8> {
    let mut message = Message::new();
    message.transaction_id = TransactionId::new();
    message.set_type(BINDING_REQUEST);
    message.write_header();
    message.add(ATTR_USERNAME, format!("{ufrag}:them").as_bytes());
    for (kind, value) in attributes {
        message.add(*kind, value);
    }
    let provider = crypto();
    let key = password.as_bytes().to_vec();
    MessageIntegrity::new_raw_integrity_with_provider(key, provider.crypto())
        .add_to(&mut message)
        .unwrap();
    FINGERPRINT.add_to(&mut message).unwrap();
    message.raw
}

fn path(port: u16) -> Path {
    Path {
        remote: SocketAddr::from(([192, 0, 2, 1], port)),
        local: None,
    }
}

struct Bench {
    agent: Agent,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        Self {
            agent: Agent::new(fresh_credentials()),
            now: Instant::now(),
        }
    }

    fn check(&self, attributes: &[(AttrType, &[u8])]) -> Vec<u8> {
        let local = self.agent.local();
        request(&local.ufrag, &local.password, attributes)
    }

    /// The response and whether it was a success.
    fn receive(&mut self, datagram: &[u8], port: u16) -> Option<(Message, bool)> {
        let provider = crypto();
        let (reply, _) = self
            .agent
            .receive(datagram, path(port), provider.crypto(), self.now);
        let (bytes, success) = match reply {
            Reply::Authentic { response, check } => (response, check.is_some()),
            Reply::Refused(response) => (response, false),
            Reply::Silence => return None,
        };
        let mut message = Message::new();
        message.unmarshal_binary(&bytes).unwrap();
        FINGERPRINT.check(&message).unwrap();
        assert_eq!(message.transaction_id.0, datagram[8..20]);
        Some((message, success))
    }

    fn error(&mut self, datagram: &[u8]) -> u16 {
        let (message, success) = self.receive(datagram, 1).unwrap();
        assert!(!success);
        let mut error = ErrorCodeAttribute::default();
        error.get_from(&message).unwrap();
        error.code.0
    }
}

#[test]
fn a_check_is_answered_with_the_clients_address_and_integrity() {
    let mut bench = Bench::new();
    let datagram = bench.check(&[(ATTR_USE_CANDIDATE, &[])]);
    assert_eq!(
        local_ufrag(&datagram),
        Some(bench.agent.local().ufrag.as_str())
    );
    let (mut response, _) = bench.receive(&datagram, 4_000).unwrap();
    assert_eq!(response.typ, BINDING_SUCCESS);
    let mut mapped = XorMappedAddress::default();
    mapped.get_from(&response).unwrap();
    assert_eq!(SocketAddr::new(mapped.ip, mapped.port), path(4_000).remote);
    let provider = crypto();
    let password = bench.agent.local().password.clone();
    MessageIntegrity::check(&mut response, password.as_bytes(), provider.crypto()).unwrap();
    assert_eq!(bench.agent.selected(), Some(path(4_000)));
}

#[test]
fn only_use_candidate_moves_the_path() {
    let mut bench = Bench::new();
    let plain = bench.check(&[]);
    let nominating = bench.check(&[(ATTR_USE_CANDIDATE, &[])]);
    bench.receive(&plain, 1).unwrap();
    assert_eq!(bench.agent.selected(), Some(path(1)));
    bench.receive(&plain, 2).unwrap();
    assert_eq!(bench.agent.selected(), Some(path(1)));
    bench.receive(&nominating, 2).unwrap();
    assert_eq!(bench.agent.selected(), Some(path(2)));
    assert_eq!(bench.agent.addresses().count(), 2);
}

#[test]
fn forged_and_incomplete_checks_are_refused_and_change_nothing() {
    let mut bench = Bench::new();
    let local = bench.agent.local().clone();
    let candidate: &[(AttrType, &[u8])] = &[(ATTR_USE_CANDIDATE, &[])];
    assert_eq!(bench.error(&request(&local.ufrag, "guess", candidate)), 401);
    assert_eq!(
        bench.error(&request("nobody", &local.password, candidate)),
        401
    );
    let mut bare = Message::new();
    bare.set_type(BINDING_REQUEST);
    bare.write_header();
    bare.add(ATTR_USERNAME, format!("{}:x", local.ufrag).as_bytes());
    FINGERPRINT.add_to(&mut bare).unwrap();
    assert_eq!(bench.error(&bare.raw), 400, "without integrity");
    let mut broken = bench.check(candidate);
    *broken.last_mut().unwrap() ^= 1;
    assert!(bench.receive(&broken, 1).is_none(), "a wrong fingerprint");
    assert!(bench.agent.selected().is_none());
    assert_eq!(bench.agent.addresses().count(), 0);
    assert!(!bench.agent.has_consent(bench.now));
}

#[test]
fn errors_of_authentic_checks_are_authentic() {
    let mut bench = Bench::new();
    let controlled = bench.check(&[(ATTR_ICE_CONTROLLED, &[0; 8])]);
    assert_eq!(bench.error(&controlled), 487);
    let strange = bench.check(&[(AttrType(0x0033), &[1, 2, 3, 4])]);
    let (message, _) = bench.receive(&strange, 1).unwrap();
    assert_eq!(message.get(ATTR_UNKNOWN_ATTRIBUTES).unwrap(), [0, 0x33]);
    assert!(message.contains(ATTR_MESSAGE_INTEGRITY));
    assert!(message.contains(ATTR_ERROR_CODE));
    assert!(bench.agent.selected().is_none());
}

#[test]
fn consent_ends_without_checks() {
    let mut bench = Bench::new();
    let datagram = bench.check(&[]);
    bench.receive(&datagram, 1).unwrap();
    bench.now += CONSENT - Duration::from_millis(1);
    assert!(bench.agent.has_consent(bench.now));
    bench.now += Duration::from_millis(1);
    assert!(!bench.agent.has_consent(bench.now));
    bench.receive(&datagram, 1).unwrap();
    assert!(bench.agent.has_consent(bench.now));
}

#[test]
fn a_restart_changes_our_credentials_and_the_old_ones_work_once_more() {
    let mut bench = Bench::new();
    let before = bench.agent.local().clone();
    let remote = fresh_credentials();
    assert_eq!(bench.agent.update_remote(&remote), None);
    assert!(bench.agent.local().ufrag != before.ufrag);
    let same = bench.agent.local().clone();
    assert_eq!(bench.agent.update_remote(&remote), None);
    assert!(bench.agent.local().ufrag == same.ufrag, "not a restart");
    let old = request(&before.ufrag, &before.password, &[]);
    assert!(bench.receive(&old, 1).unwrap().1);
    assert_eq!(
        bench.agent.update_remote(&fresh_credentials()),
        Some(before.ufrag)
    );
    assert_eq!(bench.error(&old), 401);
    assert_eq!(bench.agent.ufrags().count(), 2);
}

#[test]
fn addresses_are_bounded_and_the_selected_one_stays() {
    let mut bench = Bench::new();
    let nominating = bench.check(&[(ATTR_USE_CANDIDATE, &[])]);
    let plain = bench.check(&[]);
    bench.receive(&nominating, 1).unwrap();
    for port in 2..1_000 {
        bench.now += Duration::from_millis(1);
        bench.receive(&plain, port).unwrap();
    }
    assert_eq!(bench.agent.addresses().count(), 16);
    assert!(bench.agent.addresses().any(|address| address.port() == 1));
    bench.agent.forget(path(1).remote);
    assert!(bench.agent.selected().is_none());
}

proptest::proptest! {
    /// Whatever comes in, it is answered or dropped.
    #[test]
    fn any_datagram_is_answered_or_dropped(
        mut tail in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        authentic in proptest::bool::ANY,
    ) {
        let provider = crypto();
        let mut datagram = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        datagram.append(&mut tail);
        if datagram.len() >= 20 {
            let length = (datagram.len() - 20) as u16;
            datagram[2..4].copy_from_slice(&length.to_be_bytes());
        }
        if authentic {
            let mut message = Message::new();
            if message.unmarshal_binary(&datagram).is_ok() && FINGERPRINT.add_to(&mut message).is_ok() {
                datagram = message.raw;
            }
        }
        let _ufrag = local_ufrag(&datagram);
        let _reply = request::answer(&datagram, path(1).remote, provider.crypto(), |_| Some("p"));
    }
}
