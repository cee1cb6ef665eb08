//! What can go wrong between a caller and the media plane.

use std::{io, net::SocketAddr};

use crate::SdpError;

/// Why the media plane did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// A worker's UDP socket could not be opened.
    #[error("cannot listen on UDP {address}: {source}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The ports of the workers would exceed 65535.
    #[error("{workers} workers from UDP port {port} on need ports above 65535")]
    Ports {
        /// The first port.
        port: u16,
        /// How many workers were asked for.
        workers: usize,
    },
    /// The system failed while a worker was set up.
    #[error("cannot start a media worker: {0}")]
    Start(#[source] io::Error),
    /// The DTLS certificate could not be made.
    #[error("cannot make the DTLS certificate: {0}")]
    Certificate(String),
    /// The offer cannot be answered; nothing changed.
    #[error("bad offer: {0}")]
    BadOffer(#[from] SdpError),
    /// The participant is not in the room: `add` comes first.
    #[error("the participant is not in the room")]
    UnknownPeer,
    /// The worker has too many commands before it; the caller may try again.
    #[error("the media worker is overloaded")]
    Overloaded,
    /// The media plane was shut down.
    #[error("the media plane is shut down")]
    Closed,
}
