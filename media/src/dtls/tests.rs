//! Two associations of ours, back to back.

use std::time::{Duration, Instant};

use super::{DtlsError, Identity, Progress, Session};
use crate::srtp::{KeyingMaterial, Profile};

struct Pair {
    client: Session,
    server: Session,
    now: Instant,
}

type Outcome = Result<Option<KeyingMaterial>, DtlsError>;

impl Pair {
    fn new(profiles: &[Profile], right_certificate: bool) -> Self {
        let now = Instant::now();
        let (ours, theirs) = (Identity::generate().unwrap(), Identity::generate().unwrap());
        let announced = if right_certificate { &theirs } else { &ours };
        let client = Session::client(&theirs, profiles, vec![ours.fingerprint()], now);
        Self {
            client: client.unwrap(),
            server: Session::server(&ours, vec![announced.fingerprint()]),
            now,
        }
    }

    /// Carries datagrams until nothing moves; loses those that `lose` names.
    fn run(&mut self, mut lose: impl FnMut(usize) -> bool) -> (Outcome, Outcome) {
        let mut outcomes = (Ok(None), Ok(None));
        let mut count = 0;
        for _ in 0..200 {
            while let Some(datagram) = self.client.poll_transmit() {
                count += 1;
                if !lose(count) {
                    let progress = self.server.receive(&datagram, self.now);
                    note(&mut outcomes.1, progress);
                }
            }
            while let Some(datagram) = self.server.poll_transmit() {
                count += 1;
                if !lose(count) {
                    let progress = self.client.receive(&datagram, self.now);
                    note(&mut outcomes.0, progress);
                }
            }
            self.now += Duration::from_millis(50);
            self.client.handle_timeout(self.now);
            self.server.handle_timeout(self.now);
        }
        outcomes
    }
}

fn note(outcome: &mut Outcome, progress: Result<Progress, DtlsError>) {
    match progress {
        Ok(Progress::Keys(keys)) => *outcome = Ok(Some(*keys)),
        Ok(Progress::None) => {}
        Err(error) => {
            if outcome.is_ok() {
                *outcome = Err(error);
            }
        }
    }
}

fn profile(outcome: Outcome) -> Profile {
    outcome.unwrap().expect("the handshake completed").profile()
}

#[test]
fn gcm_is_taken_even_if_the_client_prefers_aes_cm() {
    let offered = [Profile::AesCm128HmacSha1_80, Profile::AeadAes128Gcm];
    let (client, server) = Pair::new(&offered, true).run(|_| false);
    assert_eq!(profile(client), Profile::AeadAes128Gcm);
    assert_eq!(profile(server), Profile::AeadAes128Gcm);
}

#[test]
fn aes_cm_is_taken_if_the_client_has_nothing_else() {
    let offered = [Profile::AesCm128HmacSha1_80];
    let (client, server) = Pair::new(&offered, true).run(|_| false);
    assert_eq!(profile(client), Profile::AesCm128HmacSha1_80);
    assert_eq!(profile(server), Profile::AesCm128HmacSha1_80);
}

#[test]
fn a_certificate_other_than_that_of_the_offer_is_refused() {
    let mut pair = Pair::new(&[Profile::AeadAes128Gcm], false);
    let (_, server) = pair.run(|_| false);
    assert_eq!(server.err(), Some(DtlsError::WrongCertificate));
    assert!(pair.server.is_closed());
}

#[test]
fn lost_flights_are_repeated() {
    for seed in 0..5 {
        let mut pair = Pair::new(&[Profile::AeadAes128Gcm], true);
        let (client, server) = pair.run(|count| count < 60 && (count * 7 + seed) % 10 < 3);
        assert_eq!(profile(client), Profile::AeadAes128Gcm);
        assert_eq!(profile(server), Profile::AeadAes128Gcm);
    }
}

#[test]
fn noise_changes_nothing_before_and_after_the_handshake() {
    let mut pair = Pair::new(&[Profile::AeadAes128Gcm], true);
    for length in [0, 1, 13, 14, 60, 1_200] {
        let noise = vec![22; length];
        let _refused = pair.server.receive(&noise, pair.now);
    }
    let (_, server) = pair.run(|_| false);
    assert_eq!(profile(server), Profile::AeadAes128Gcm);
    // an alert that anybody could forge: not encrypted, of the first epoch
    let alert = [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 0];
    let _ignored = pair.server.receive(&alert, pair.now);
    assert!(!pair.server.is_closed());
}

/// A record full of fragments that follow on each other and never end.
fn endless(record: u16, count: u16) -> Vec<u8> {
    let mut datagram = vec![22, 254, 253, 0, 0, 0, 0, 0, 0];
    datagram.extend(record.to_be_bytes());
    datagram.extend((12 * count).to_be_bytes());
    for place in 0..count {
        let start = u32::from(record) * u32::from(count) + u32::from(place);
        datagram.extend([1, 0, 0, 0, 0, 0]);
        datagram.extend(&start.to_be_bytes()[1..]);
        datagram.extend([0, 0, 1]);
    }
    datagram
}

#[test]
fn fragments_without_end_do_not_exhaust_the_stack() {
    for (count, records) in [(5_000, 20), (300, 500)] {
        let mut pair = Pair::new(&[Profile::AeadAes128Gcm], true);
        for record in 0..records {
            let _refused = pair.server.receive(&endless(record, count), pair.now);
        }
        assert!(!pair.server.is_closed());
    }
}
