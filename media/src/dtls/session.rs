//! One association, from the first datagram to the keys.
//!
//! Lost flights are repeated here and not by the DTLS crate: its timer stops
//! for good when the peer repeats a message, as a peer does whose flight met
//! nothing but loss. Repeating the same records is right: a receiver drops
//! those that it has (RFC 6347 §4.1.2.6) and takes those that it lacks.

use std::{
    collections::VecDeque,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use rtc_dtls::{
    endpoint::{Endpoint, EndpointEvent},
    extension::extension_use_srtp::SrtpProtectionProfile,
};
use rtc_shared::TransportProtocol;

use super::{
    DtlsError, Identity,
    gate::Gate,
    hello::{CONTENT_HANDSHAKE, HelloReader},
    identity::{FLIGHT_INTERVAL, fingerprint},
};
use crate::{
    sdp::Fingerprint,
    srtp::{KeyingMaterial, Profile},
};

/// The exporter's label of DTLS-SRTP (RFC 5764 §4.2).
const EXPORTER: &str = "EXTRACTOR-dtls_srtp";

/// The address that stands for the peer, wherever it is: associations are
/// looked up by it, and paths change.
const PEER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// How often a flight is repeated before the peer is given up: some 25 s.
const MAX_REPEATS: u32 = 12;

/// The longest wait between two repeats.
const MAX_INTERVAL: Duration = Duration::from_secs(3);

/// The most datagrams of one handshake. A lossy one takes some dozens; beyond,
/// somebody plays with us.
const MAX_HANDSHAKE_DATAGRAMS: u32 = 1_000;

/// What a datagram or timer brought.
pub(crate) enum Progress {
    /// Nothing to tell.
    None,
    /// The handshake is complete and the peer is who its SDP says.
    Keys(Box<KeyingMaterial>),
}

enum State {
    /// A server that has not seen the whole ClientHello.
    Listening(HelloReader),
    Handshaking,
    Established,
    Closed,
}

/// A DTLS association.
pub(crate) struct Session {
    identity: Identity,
    endpoint: Endpoint,
    state: State,
    /// Any of these certificates may be the peer's.
    expected: Vec<Fingerprint>,
    /// Datagrams received during the handshake.
    received: u32,
    gate: Gate,
    /// What waits to be sent.
    outgoing: VecDeque<BytesMut>,
    /// The datagrams of our last flight.
    flight: Vec<BytesMut>,
    /// How often it was repeated.
    repeats: u32,
    /// When the present flight is repeated.
    deadline: Option<Instant>,
}

impl Session {
    /// The answering side, which waits for a ClientHello of a peer whose SDP
    /// announced these certificates.
    pub(crate) fn server(identity: &Identity, expected: Vec<Fingerprint>) -> Self {
        Self {
            identity: identity.clone(),
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, None),
            state: State::Listening(HelloReader::default()),
            expected,
            received: 0,
            gate: Gate::default(),
            outgoing: VecDeque::new(),
            flight: Vec::new(),
            repeats: 0,
            deadline: None,
        }
    }

    /// The side that begins, its profiles in order of preference: a first
    /// datagram waits in [`Session::poll_transmit`].
    #[cfg(any(test, feature = "client"))]
    pub(crate) fn client(
        identity: &Identity,
        profiles: &[Profile],
        expected: Vec<Fingerprint>,
        now: Instant,
    ) -> Result<Self, DtlsError> {
        let mut session = Self::server(identity, expected);
        let config = identity.client_config(profiles)?;
        session.guard(|endpoint| endpoint.connect(now, PEER, config, None))?;
        session.state = State::Handshaking;
        session.collect(now);
        Ok(session)
    }

    /// Whether an offer announces a certificate of this association: a later
    /// offer of the same connection repeats its fingerprints.
    pub(crate) fn is_expected(&self, fingerprints: &[Fingerprint]) -> bool {
        fingerprints.iter().any(|f| self.expected.contains(f))
    }

    /// Whether the handshake still goes on and needs timers.
    pub(crate) fn is_handshaking(&self) -> bool {
        matches!(self.state, State::Listening(_) | State::Handshaking)
    }

    /// Whether the association is over and can never come back.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// Takes a datagram of the peer. Afterwards datagrams may be waiting in
    /// [`Session::poll_transmit`], also after an error.
    pub(crate) fn receive(&mut self, datagram: &[u8], now: Instant) -> Result<Progress, DtlsError> {
        if !self.gate.admits(datagram) {
            return Err(DtlsError::Flood);
        }
        if self.is_handshaking() {
            self.received += 1;
            if self.received > MAX_HANDSHAKE_DATAGRAMS {
                self.end();
            }
        }
        match &mut self.state {
            State::Closed => Err(DtlsError::Closed),
            State::Handshaking | State::Established => self.feed(datagram, now),
            State::Listening(reader) => {
                let Some((profile, datagrams)) = reader.push(datagram) else {
                    return Ok(Progress::None);
                };
                let config = self.identity.server_config(profile);
                self.endpoint.set_server_config(Some(config));
                self.state = State::Handshaking;
                let mut progress = Ok(Progress::None);
                for datagram in datagrams {
                    progress = self.feed(&datagram, now);
                }
                progress
            }
        }
    }

    fn feed(&mut self, datagram: &[u8], now: Instant) -> Result<Progress, DtlsError> {
        let data = BytesMut::from(datagram);
        let result = self.guard(|endpoint| endpoint.read(now, PEER, None, data));
        self.collect(now);
        if matches!(self.state, State::Established) && self.outgoing.is_empty() {
            self.repeat_last_flight(datagram);
        }
        let mut progress = Progress::None;
        for event in result? {
            match event {
                EndpointEvent::HandshakeComplete => {
                    progress = Progress::Keys(Box::new(self.complete(now)?));
                }
                EndpointEvent::PeerClosed => self.end(),
                // nobody speaks over DTLS here: there are no data channels
                _ => {}
            }
        }
        if self.is_closed() {
            return Err(DtlsError::Closed);
        }
        Ok(progress)
    }

    /// A peer that repeats the handshake's last messages lacks our last flight
    /// (RFC 6347 §4.2.4). The crate notices new records only, not repeated ones.
    fn repeat_last_flight(&mut self, datagram: &[u8]) {
        let is_handshake = datagram.first() == Some(&CONTENT_HANDSHAKE);
        if is_handshake && self.repeats < MAX_REPEATS {
            self.repeats += 1;
            self.outgoing.extend(self.flight.iter().cloned());
        }
    }

    /// Takes what the crate has to send. During the handshake that is our next
    /// flight.
    fn collect(&mut self, now: Instant) {
        let datagrams: Vec<BytesMut> = std::iter::from_fn(|| self.endpoint.poll_transmit())
            .map(|transmit| transmit.message)
            .collect();
        if datagrams.is_empty() {
            return;
        }
        self.outgoing.extend(datagrams.iter().cloned());
        if self.is_handshaking() {
            self.flight = datagrams;
            self.repeats = 0;
            self.deadline = Some(now + FLIGHT_INTERVAL);
        }
    }

    fn complete(&mut self, now: Instant) -> Result<KeyingMaterial, DtlsError> {
        match self.verified_keys() {
            Ok(keys) => {
                self.state = State::Established;
                self.deadline = None;
                self.repeats = 0;
                Ok(keys)
            }
            Err(error) => {
                self.close(now);
                Err(error)
            }
        }
    }

    /// Checks the certificate against the SDP, then exports the SRTP keys.
    fn verified_keys(&self) -> Result<KeyingMaterial, DtlsError> {
        let state = self
            .endpoint
            .get_connection_state(PEER)
            .ok_or(DtlsError::Closed)?;
        let certificate = state.peer_certificates.first();
        let known = certificate.is_some_and(|der| self.expected.contains(&fingerprint(der)));
        if !known {
            return Err(DtlsError::WrongCertificate);
        }
        let profile = match state.srtp_protection_profile() {
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => Profile::AeadAes128Gcm,
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => Profile::AesCm128HmacSha1_80,
            _ => return Err(DtlsError::NoProfile),
        };
        let length = KeyingMaterial::length(profile);
        let output = state
            .export_keying_material(EXPORTER, &[], length)
            .map_err(|error| DtlsError::Refused(error.to_string()))?;
        KeyingMaterial::from_exporter(profile, output.as_ref()).ok_or(DtlsError::NoProfile)
    }

    /// When [`Session::handle_timeout`] is due.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.deadline
    }

    /// Repeats the present flight if it is due.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return;
        }
        self.repeats += 1;
        if self.repeats > MAX_REPEATS {
            self.end();
            return;
        }
        self.outgoing.extend(self.flight.iter().cloned());
        let interval = FLIGHT_INTERVAL * (1 << self.repeats);
        self.deadline = Some(now + interval.min(MAX_INTERVAL));
    }

    /// Ends the association; a farewell may wait in
    /// [`Session::poll_transmit`].
    pub(crate) fn close(&mut self, now: Instant) {
        if self.is_closed() {
            return;
        }
        self.end();
        let _closed = self.guard(|endpoint| {
            endpoint.stop(now, PEER);
            Ok(())
        });
        self.collect(now);
    }

    fn end(&mut self) {
        self.state = State::Closed;
        self.deadline = None;
        self.flight = Vec::new();
    }

    /// The next datagram for the peer.
    pub(crate) fn poll_transmit(&mut self) -> Option<BytesMut> {
        self.outgoing.pop_front()
    }

    /// Calls the DTLS crate. A panic there must not end other people's calls,
    /// so it closes this association only.
    fn guard<T>(
        &mut self,
        call: impl FnOnce(&mut Endpoint) -> rtc_shared::error::Result<T>,
    ) -> Result<T, DtlsError> {
        let endpoint = &mut self.endpoint;
        match catch_unwind(AssertUnwindSafe(|| call(endpoint))) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(rtc_shared::error::Error::ErrAlertFatalOrClose)) => {
                self.end();
                Err(DtlsError::Closed)
            }
            Ok(Err(error)) => Err(DtlsError::Refused(error.to_string())),
            Err(_) => {
                self.end();
                Err(DtlsError::Refused("the DTLS crate panicked".to_owned()))
            }
        }
    }
}
