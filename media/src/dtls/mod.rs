//! DTLS 1.2 (RFC 6347) of one connection: the handshake that gives the SRTP
//! keys (RFC 5764).
//!
//! Owns the association, its timers and the check of the certificate's
//! fingerprint. The datagrams' way to the peer belongs to the worker: an
//! association knows no address, so that it survives every change of path.

mod gate;
mod hello;
mod identity;
mod session;

#[cfg(test)]
mod tests;

pub(crate) use identity::{DtlsError, Identity};
pub(crate) use session::{Progress, Session};
