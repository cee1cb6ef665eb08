//! One client's transport without sockets: ICE's controlling side (RFC 8445),
//! DTLS as a client, SRTP.
//!
//! It trusts the server's certificate: what is measured is cost, and the
//! server is this program's own. Real clients' checks belong to the tests of
//! `media`.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use anyhow::{Context, Result, anyhow};
use bytes::BytesMut;
use media::srtp::{Inbound, KeyingMaterial, Outbound, Profile};
use rtc_crypto::{HashAlgorithm, RTCCryptoProvider};
use rtc_dtls::{
    config::{ConfigBuilder, HandshakeConfig},
    crypto::Certificate,
    endpoint::{Endpoint, EndpointEvent},
    extension::extension_use_srtp::SrtpProtectionProfile,
};
use rtc_shared::TransportProtocol;
use rtc_stun::{
    attributes::{ATTR_ICE_CONTROLLING, ATTR_PRIORITY, ATTR_USE_CANDIDATE, ATTR_USERNAME},
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter},
};

use super::sdp::Answer;

/// RFC 5764 §4.2.
const EXPORTER_LABEL: &str = "EXTRACTOR-dtls_srtp";

/// The certificate that all clients of the load share.
pub struct Identity {
    provider: Arc<dyn RTCCryptoProvider>,
    config: Arc<HandshakeConfig>,
    /// Its SHA-256 fingerprint as SDP writes it.
    pub fingerprint: String,
}

impl Identity {
    /// Makes a certificate.
    ///
    /// # Errors
    /// When the cryptography refuses.
    pub fn new() -> Result<Self> {
        let provider = rtc_crypto::default_provider().map_err(|e| anyhow!("{e}"))?;
        let certificate =
            Certificate::generate_self_signed(vec!["bench".to_owned()], provider.crypto())?;
        let der = certificate.certificate[0].as_ref();
        let hash = provider.crypto().hash(HashAlgorithm::Sha256, der);
        let hash = hash.map_err(|e| anyhow!("{e}"))?;
        let hex: Vec<String> = hash.iter().map(|byte| format!("{byte:02X}")).collect();
        let config = ConfigBuilder::default()
            .with_crypto_provider(provider.clone())
            .with_certificates(vec![certificate])
            .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
            .with_insecure_skip_verify(true)
            .build(true, None)?;
        Ok(Self {
            provider,
            config: Arc::new(config),
            fingerprint: hex.join(":"),
        })
    }
}

/// What a datagram was.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// Something of ICE or DTLS, or nothing useful.
    Transport,
    /// The keys are there now.
    Connected,
    /// A plain RTP packet of so many bytes, now in the buffer.
    Rtp(usize),
    /// A plain RTCP packet of so many bytes, now in the buffer.
    Rtcp(usize),
    /// Protected with other keys, or damaged.
    Forged,
}

/// A connection to the server's only candidate.
pub struct Connection {
    identity: Arc<Identity>,
    server: SocketAddr,
    username: String,
    password: String,
    dtls: Endpoint,
    started: bool,
    srtp: Option<(Inbound, Outbound)>,
}

impl Connection {
    /// Begins with the server's answer; the first thing to send is a
    /// [`Connection::binding_request`].
    #[must_use]
    pub fn new(identity: Arc<Identity>, ufrag: &str, answer: &Answer) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            identity,
            server: answer.address,
            username: format!("{}:{ufrag}", answer.credentials.ufrag),
            password: answer.credentials.password.clone(),
            dtls: Endpoint::new(any, TransportProtocol::UDP, None),
            started: false,
            srtp: None,
        }
    }

    /// A check that nominates the only pair, and keeps consent (RFC 7675).
    ///
    /// # Errors
    /// When the cryptography refuses.
    pub fn binding_request(&self) -> Result<Vec<u8>> {
        let mut message = Message::new();
        message.new_transaction_id()?;
        message.set_type(BINDING_REQUEST);
        message.write_header();
        message.add(ATTR_USERNAME, self.username.as_bytes());
        message.add(ATTR_PRIORITY, &0x6e00_1eff_u32.to_be_bytes());
        message.add(ATTR_ICE_CONTROLLING, &1_u64.to_be_bytes());
        message.add(ATTR_USE_CANDIDATE, &[]);
        let crypto = self.identity.provider.crypto();
        MessageIntegrity::new_short_term_integrity_with_provider(self.password.clone(), crypto)
            .add_to(&mut message)?;
        FINGERPRINT.add_to(&mut message)?;
        Ok(message.raw)
    }

    /// Takes one datagram; RTP and RTCP are decrypted in place.
    ///
    /// # Errors
    /// When the handshake fails.
    pub fn receive(&mut self, datagram: &mut [u8], now: Instant) -> Result<Received> {
        match datagram.first() {
            Some(0..=3) => self.receive_stun(datagram, now),
            Some(20..=63) => self.receive_dtls(datagram, now),
            Some(128..=191) => Ok(self.receive_srtp(datagram)),
            _ => Ok(Received::Transport),
        }
    }

    /// The first success starts the handshake.
    fn receive_stun(&mut self, datagram: &[u8], now: Instant) -> Result<Received> {
        let mut message = Message::new();
        message.unmarshal_binary(datagram)?;
        if message.typ == BINDING_SUCCESS && !self.started {
            self.started = true;
            let config = self.identity.config.clone();
            self.dtls.connect(now, self.server, config, None)?;
        }
        Ok(Received::Transport)
    }

    fn receive_dtls(&mut self, datagram: &[u8], now: Instant) -> Result<Received> {
        let data = BytesMut::from(datagram);
        let events = self.dtls.read(now, self.server, None, data)?;
        let complete = events
            .iter()
            .any(|event| matches!(event, EndpointEvent::HandshakeComplete));
        if !complete {
            return Ok(Received::Transport);
        }
        self.srtp = Some(self.keys()?);
        Ok(Received::Connected)
    }

    fn keys(&self) -> Result<(Inbound, Outbound)> {
        let state = self.dtls.get_connection_state(self.server);
        let state = state.context("the association is gone")?;
        let profile = Profile::AeadAes128Gcm;
        let length = KeyingMaterial::length(profile);
        let output = state.export_keying_material(EXPORTER_LABEL, &[], length)?;
        let keys = KeyingMaterial::from_exporter(profile, output.as_ref());
        let keys = keys.context("keying material of the wrong length")?;
        Ok((Inbound::client(&keys), Outbound::client(&keys)))
    }

    fn receive_srtp(&mut self, datagram: &mut [u8]) -> Received {
        let Some((inbound, _)) = &mut self.srtp else {
            return Received::Transport;
        };
        // RFC 5761 §4: RTCP's packet types.
        if matches!(datagram.get(1), Some(192..=223)) {
            return inbound
                .unprotect_rtcp(datagram)
                .map_or(Received::Forged, Received::Rtcp);
        }
        let Ok(header) = sfu::rtp::Header::parse(datagram) else {
            return Received::Forged;
        };
        inbound
            .unprotect_rtp(datagram, header.length)
            .map_or(Received::Forged, |(length, _)| Received::Rtp(length))
    }

    /// The next datagram of the handshake to send.
    pub fn poll_transmit(&mut self) -> Option<BytesMut> {
        Some(self.dtls.poll_transmit()?.message)
    }

    /// Repeats what of the handshake was lost.
    ///
    /// # Errors
    /// When the handshake was repeated too often.
    pub fn handle_timeout(&mut self, now: Instant) -> Result<()> {
        if self.started && self.srtp.is_none() {
            self.dtls.handle_timeout(self.server, now)?;
        }
        Ok(())
    }

    /// Whether keys are there.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.srtp.is_some()
    }

    /// Protects a packet of `length` bytes in place; `buffer` has room for
    /// [`media::srtp::MAX_OVERHEAD`] more. Nothing before there are keys.
    #[must_use]
    pub fn protect_rtp(
        &self,
        buffer: &mut [u8],
        header: usize,
        length: usize,
        index: u64,
    ) -> Option<usize> {
        let (_, outbound) = self.srtp.as_ref()?;
        Some(outbound.protect_rtp(buffer, header, length, index))
    }

    /// The same for RTCP.
    #[must_use]
    pub fn protect_rtcp(&mut self, buffer: &mut [u8], length: usize) -> Option<usize> {
        let (_, outbound) = self.srtp.as_mut()?;
        outbound.protect_rtcp(buffer, length)
    }
}
