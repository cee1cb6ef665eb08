//! RTP packets (RFC 3550) as byte slices: reading and writing headers without
//! allocation. What payloads mean is left to `codec`.

mod extensions;
mod header;
mod writer;

pub use extensions::{Extension, Extensions};
pub use header::{Header, RtpError};
pub use writer::{HeaderFields, HeaderWriter, MAX_HEADER};
