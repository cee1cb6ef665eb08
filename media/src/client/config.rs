//! What a native client is made from, and what it may fail with.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use protocol::Source;

use crate::{dtls::Identity, srtp::Profile};

/// What a client may fail with.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The socket failed.
    #[error("socket: {0}")]
    Socket(#[from] io::Error),
    /// Certificate, handshake or check failed.
    #[error("{0}")]
    Security(String),
    /// The answer lacks something.
    #[error("the answer has no usable {0}")]
    Answer(&'static str),
    /// The connection did not come up in time.
    #[error("no connection in time")]
    Timeout,
    /// Not connected yet, or the packet is no RTP or is too long.
    #[error("the packet cannot be sent")]
    Packet,
}

/// A certificate that many clients may share: making one takes time.
#[derive(Clone)]
pub struct ClientIdentity(pub(super) Identity);

impl ClientIdentity {
    /// Makes a certificate.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn generate() -> Result<Self, ClientError> {
        Identity::generate().map(Self).map_err(security)
    }
}

/// What a client offers.
#[derive(Clone)]
pub struct ClientConfig {
    /// The certificate.
    pub identity: ClientIdentity,
    /// The address to bind; the port may be 0.
    pub bind: SocketAddr,
    /// SRTP profiles in order of preference.
    pub profiles: Vec<Profile>,
    /// What it may send. A camera is offered with simulcast rids.
    pub sources: Vec<Source>,
    /// Whether a camera is offered with simulcast rids or with one SSRC.
    pub simulcast: bool,
    /// Receive-only audio m-lines.
    pub audio_slots: usize,
    /// Receive-only video m-lines.
    pub video_slots: usize,
}

impl ClientConfig {
    /// As a browser does it: everything may be sent, 4 and 9 slots.
    #[must_use]
    pub fn new(identity: ClientIdentity) -> Self {
        Self {
            identity,
            bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            profiles: vec![Profile::AeadAes128Gcm, Profile::AesCm128HmacSha1_80],
            sources: vec![
                Source::Microphone,
                Source::Camera,
                Source::Screen,
                Source::ScreenAudio,
            ],
            simulcast: false,
            audio_slots: 4,
            video_slots: 9,
        }
    }
}

/// An error of certificate, handshake or check.
pub(super) fn security(error: impl std::fmt::Display) -> ClientError {
    ClientError::Security(error.to_string())
}
