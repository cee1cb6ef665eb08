//! SDP: reads a client's offer and writes the answer (RFC 8866, RFC 8829).
//!
//! Text becomes values here and nowhere else: [`ClientOffer::parse`] reads,
//! [`mod@negotiate`] decides what is agreed on, [`Answer`] writes. One transport
//! carries everything (BUNDLE, RFC 9143, with rtcp-mux, RFC 5761); the server
//! is ICE-lite (RFC 8445 §2.5) and the passive side of DTLS.

mod answer;
mod error;
mod extension;
mod negotiate;
mod offer;
mod payload;
mod section;
mod transport;

pub use error::SdpError;
pub use offer::ClientOffer;

pub(crate) use answer::{Answer, AnswerSection, LocalTransport};
pub(crate) use negotiate::{SlotSsrcs, negotiate};
pub(crate) use transport::{Fingerprint, IceCredentials, RemoteTransport};
