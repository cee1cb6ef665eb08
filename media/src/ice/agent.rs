//! The ICE state of one connection: who may send checks, where the client is,
//! and whether it still wants to hear from us.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use rtc_crypto::RTCCrypto;

use super::request::{self, Check, Reply};
use crate::sdp::IceCredentials;

/// How long a client may be silent before we stop sending to it
/// (RFC 7675 §5.1 asks for at most 30 s; browsers check every 2 to 5 s).
pub(crate) const CONSENT: Duration = Duration::from_secs(15);

/// The most addresses of one client that are routed to it. A browser with
/// several networks uses a handful; the one unused for longest gives way.
const MAX_PATHS: usize = 16;

/// A way to the client: its address, and ours when the socket has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) remote: SocketAddr,
    pub(crate) local: Option<IpAddr>,
}

struct Known {
    path: Path,
    used: Instant,
}

/// What a check did to the routing of addresses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Routing {
    /// An address that now belongs to this connection.
    pub(crate) learnt: Option<SocketAddr>,
    /// An address that no longer does.
    pub(crate) forgotten: Option<SocketAddr>,
}

/// An ICE-lite agent.
pub(crate) struct Agent {
    local: IceCredentials,
    /// Those before the last ICE restart: the old path works until the new one
    /// is found (RFC 8445 §9).
    previous: Option<IceCredentials>,
    remote: IceCredentials,
    paths: Vec<Known>,
    selected: Option<Path>,
    consent: Option<Instant>,
}

impl Agent {
    pub(crate) fn new(remote: IceCredentials) -> Self {
        Self {
            local: super::fresh_credentials(),
            previous: None,
            remote,
            paths: Vec::new(),
            selected: None,
            consent: None,
        }
    }

    /// Our credentials for the answer.
    pub(crate) fn local(&self) -> &IceCredentials {
        &self.local
    }

    /// The fragments that lead to this agent.
    pub(crate) fn ufrags(&self) -> impl Iterator<Item = &str> {
        let previous = self.previous.iter();
        previous
            .chain([&self.local])
            .map(|credentials| credentials.ufrag.as_str())
    }

    /// Takes the credentials of a further offer. Changed ones mean an ICE
    /// restart (RFC 8839 §4.4.1.1.1), and ours change too: returns the
    /// fragment that is no longer valid, if one is not.
    pub(crate) fn update_remote(&mut self, remote: &IceCredentials) -> Option<String> {
        if self.remote == *remote {
            return None;
        }
        self.remote = remote.clone();
        let old = std::mem::replace(&mut self.local, super::fresh_credentials());
        self.previous.replace(old).map(|oldest| oldest.ufrag)
    }

    /// Where to send.
    pub(crate) fn selected(&self) -> Option<Path> {
        self.selected
    }

    /// The addresses that are routed to this agent.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.paths.iter().map(|known| known.path.remote)
    }

    /// Whether the client consents to being sent to.
    pub(crate) fn has_consent(&self, now: Instant) -> bool {
        self.consent
            .is_some_and(|given| now.duration_since(given) < CONSENT)
    }

    /// Answers a check that came over `path`. Nothing changes unless the
    /// request is authentic.
    pub(crate) fn receive(
        &mut self,
        datagram: &[u8],
        path: Path,
        crypto: &dyn RTCCrypto,
        now: Instant,
    ) -> (Reply, Routing) {
        let reply = request::answer(datagram, path.remote, crypto, |ufrag| {
            let previous = self.previous.iter();
            previous
                .chain([&self.local])
                .find(|credentials| credentials.ufrag == ufrag)
                .map(|credentials| credentials.password.as_str())
        });
        let routing = match &reply {
            Reply::Authentic {
                check: Some(check), ..
            } => self.accept(*check, path, now),
            _ => Routing::default(),
        };
        (reply, routing)
    }

    fn accept(&mut self, check: Check, path: Path, now: Instant) -> Routing {
        self.consent = Some(now);
        if check.nominates || self.selected.is_none() {
            self.selected = Some(path);
        }
        if let Some(known) = self.find(path.remote) {
            known.path = path;
            known.used = now;
            return Routing::default();
        }
        let forgotten = self.make_room();
        self.paths.push(Known { path, used: now });
        Routing {
            learnt: Some(path.remote),
            forgotten,
        }
    }

    fn find(&mut self, remote: SocketAddr) -> Option<&mut Known> {
        let mut paths = self.paths.iter_mut();
        paths.find(|known| known.path.remote == remote)
    }

    fn make_room(&mut self) -> Option<SocketAddr> {
        if self.paths.len() < MAX_PATHS {
            return None;
        }
        let selected = self.selected.map(|path| path.remote);
        let oldest = self
            .paths
            .iter()
            .enumerate()
            .filter(|(_, known)| Some(known.path.remote) != selected)
            .min_by_key(|(_, known)| known.used)
            .map(|(place, _)| place)?;
        Some(self.paths.swap_remove(oldest).path.remote)
    }

    /// Another connection has shown to own this address now.
    pub(crate) fn forget(&mut self, remote: SocketAddr) {
        self.paths.retain(|known| known.path.remote != remote);
        if self.selected.is_some_and(|path| path.remote == remote) {
            self.selected = None;
        }
    }
}
