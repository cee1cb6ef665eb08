//! Whatever arrives at a worker's port, the worker lives on and only authentic
//! checks are granted.
//!
//! The requests are written here from RFC 8489 alone, so that no mistake of
//! the reader is made twice.

#[path = "../common/mod.rs"]
mod common;
mod stun;

use std::{
    net::{SocketAddr, UdpSocket},
    sync::{LazyLock, Mutex},
    time::{Duration, Instant},
};

use media::{MediaEvent, MediaPlane, RoomMedia};
use proptest::{collection::vec, prelude::*, sample::Index};
use tokio::sync::mpsc::Receiver;

use stun::Request;

/// A worker with one participant who has made an offer.
struct Target {
    address: SocketAddr,
    ufrag: String,
    password: String,
    _alive: (MediaPlane, RoomMedia, Receiver<MediaEvent>),
}

/// One worker for all cases: what one leaves behind meets the next. One case
/// at a time, so that answers don't mix.
static TARGET: LazyLock<Mutex<Target>> = LazyLock::new(|| Mutex::new(Target::start()));

impl Target {
    fn start() -> Self {
        let plane = common::plane();
        let (room, events) = common::room(&plane, "fuzz");
        let peer = common::peer("a");
        room.add(&peer).expect("room for one");
        let sdp = include_str!("../sdp/chromium.offer.sdp");
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.build().expect("a runtime");
        let answer = runtime.block_on(room.offer(&peer, common::offer(1, sdp)));
        let answer = answer.expect("an answer");
        let value = |name: &str| {
            let mut lines = answer.lines();
            let line = lines.find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("no {name} in the answer"))
        };
        let candidate: Vec<&str> = value("a=candidate:").split(' ').collect();
        Self {
            address: format!("{}:{}", candidate[4], candidate[5])
                .parse()
                .expect("an address"),
            ufrag: value("a=ice-ufrag:").to_owned(),
            password: value("a=ice-pwd:").to_owned(),
            _alive: (plane, room, events),
        }
    }

    fn check(&self, transaction: u64) -> Request {
        Request {
            transaction,
            username: format!("{}:3SU+", self.ufrag),
            password: self.password.clone(),
        }
    }

    fn socket(&self) -> UdpSocket {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.connect(self.address).expect("a target");
        let timeout = Some(Duration::from_millis(500));
        socket.set_read_timeout(timeout).expect("a timeout");
        socket
    }

    /// Sends an authentic check and waits until it is granted. Returns the
    /// other transactions that were granted before.
    fn wait_for_answer(&self, socket: &UdpSocket, transaction: u64) -> Vec<u64> {
        let mut granted = Vec::new();
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            // again and again, as clients do: datagrams may get lost
            let request = self.check(transaction).encode();
            socket.send(&request).expect("sends");
            let mut buffer = [0; 2_048];
            while let Ok(length) = socket.recv(&mut buffer) {
                match stun::granted(&buffer[..length]) {
                    Some(answered) if answered == transaction => return granted,
                    Some(other) => granted.push(other),
                    None => {}
                }
            }
        }
        panic!("the worker does not answer any more");
    }
}

/// Transactions of authentic checks and of forged ones.
const AUTHENTIC: u64 = 0x600d;
const FORGED: u64 = 0xbad;

fn throw(datagrams: &[Vec<u8>]) -> Vec<u64> {
    let target = TARGET.lock().expect("no case has failed");
    let socket = target.socket();
    // now the address belongs to the participant: DTLS and SRTP are read, too
    target.wait_for_answer(&socket, AUTHENTIC);
    for datagram in datagrams {
        // the system may refuse what is too long or comes too fast
        let _ = socket.send(datagram);
    }
    target.wait_for_answer(&socket, AUTHENTIC + 1)
}

/// How a request is spoilt.
#[derive(Debug, Clone)]
enum Spoil {
    Change(Index, u8),
    Cut(Index),
    Insert(Index, Vec<u8>),
    Append(Vec<u8>),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Spoil::Change(at, byte)),
        1 => any::<Index>().prop_map(Spoil::Cut),
        1 => (any::<Index>(), vec(any::<u8>(), 1..12)).prop_map(|(at, b)| Spoil::Insert(at, b)),
        1 => vec(any::<u8>(), 1..40).prop_map(Spoil::Append),
    ]
}

fn apply(spoils: &[Spoil], request: &mut Vec<u8>) {
    for spoil in spoils {
        let length = request.len();
        match spoil {
            _ if length == 0 => return,
            Spoil::Change(at, byte) => request[at.index(length)] = *byte,
            Spoil::Cut(at) => request.truncate(at.index(length)),
            Spoil::Insert(at, bytes) => {
                let at = at.index(length);
                request.splice(at..at, bytes.iter().copied());
            }
            Spoil::Append(bytes) => request.extend(bytes),
        }
    }
}

/// A datagram that begins like one of the protocols on the port (RFC 7983).
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let stun = vec(any::<u8>(), 0..80).prop_map(|rest| {
        let cookie = [0, 1, 0, rest.len() as u8, 0x21, 0x12, 0xa4, 0x42];
        [&cookie[..], &rest].concat()
    });
    let dtls = (20u8..26, any::<u8>(), vec(any::<u8>(), 0..300)).prop_map(|(kind, n, rest)| {
        let length = (rest.len() as u16).to_be_bytes();
        let head = [kind, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, n];
        [&head[..], &length, &rest].concat()
    });
    let srtp = (0x80u8..0xc0, any::<u8>(), vec(any::<u8>(), 0..300))
        .prop_map(|(first, second, rest)| [&[first, second][..], &rest].concat());
    prop_oneof![stun, dtls, srtp, vec(any::<u8>(), 0..200)]
}

proptest! {
    #[test]
    fn worker_survives_noise(datagrams in vec(noise(), 1..12)) {
        throw(&datagrams);
    }

    #[test]
    fn spoilt_check_is_never_granted(
        spoils in vec(spoil(), 1..4),
        mends_fingerprint in any::<bool>(),
        mends_length in any::<bool>(),
    ) {
        let original = {
            let target = TARGET.lock().expect("no case has failed");
            target.check(FORGED).encode()
        };
        let mut spoilt = original.clone();
        apply(&spoils, &mut spoilt);
        if mends_length {
            stun::mend_length(&mut spoilt);
        }
        if mends_fingerprint {
            stun::mend_fingerprint(&mut spoilt);
        }
        prop_assume!(spoilt != original);
        let granted = throw(&[spoilt]);
        prop_assert!(granted.is_empty(), "granted: {granted:x?}");
    }

    #[test]
    fn check_with_a_wrong_secret_is_never_granted(
        username in "[!-~]{0,40}",
        password in "[!-~]{1,40}",
    ) {
        let request = Request { transaction: FORGED, username, password };
        prop_assert_eq!(throw(&[request.encode()]), Vec::<u64>::new());
    }
}

#[test]
fn authentic_check_is_granted() {
    throw(&[]);
}
