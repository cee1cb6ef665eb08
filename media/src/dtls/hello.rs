//! A look into the ClientHello: which SRTP profiles does the client offer?
//!
//! The DTLS crate takes the client's first profile and browsers put AES-CM
//! first, so the choice is made here, before the handshake starts.

use crate::srtp::Profile;

/// The most datagrams that are kept until a fragmented ClientHello is whole.
const MAX_DATAGRAMS: usize = 8;

/// The largest ClientHello that is looked into.
const MAX_HELLO: usize = 8 * 1_024;

pub(super) const RECORD_HEADER: usize = 13;
pub(super) const HANDSHAKE_HEADER: usize = 12;
pub(super) const CONTENT_HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const USE_SRTP: u16 = 14;
const GCM: u16 = 7;

/// Collects the first datagrams of a client until the profile is known.
#[derive(Default)]
pub(super) struct HelloReader {
    datagrams: Vec<Vec<u8>>,
    body: Vec<u8>,
    /// Which bytes of `body` have arrived.
    arrived: Vec<bool>,
}

impl HelloReader {
    /// Takes a datagram. When the ClientHello is whole, returns the profile to
    /// use and the datagrams for the handshake to begin with.
    pub(super) fn push(&mut self, datagram: &[u8]) -> Option<(Profile, Vec<Vec<u8>>)> {
        self.datagrams.push(datagram.to_vec());
        self.collect(datagram);
        let whole = !self.arrived.is_empty() && self.arrived.iter().all(|arrived| *arrived);
        if !whole && self.datagrams.len() < MAX_DATAGRAMS {
            return None;
        }
        let profile = if offers_gcm(&self.body).unwrap_or(false) {
            Profile::AeadAes128Gcm
        } else {
            Profile::AesCm128HmacSha1_80
        };
        self.body = Vec::new();
        self.arrived = Vec::new();
        Some((profile, std::mem::take(&mut self.datagrams)))
    }

    /// Takes the ClientHello's fragments out of the records of a datagram.
    fn collect(&mut self, mut datagram: &[u8]) {
        while let Some((body, rest)) = next_record(datagram) {
            if datagram[0] == CONTENT_HANDSHAKE {
                self.collect_fragment(body);
            }
            datagram = rest;
        }
    }

    fn collect_fragment(&mut self, message: &[u8]) -> Option<()> {
        let header = message.get(..HANDSHAKE_HEADER)?;
        let length = be24(&header[1..4]);
        let start = be24(&header[6..9]);
        let fragment = message
            .get(HANDSHAKE_HEADER..)?
            .get(..be24(&header[9..12]))?;
        let end = start + fragment.len();
        if header[0] != CLIENT_HELLO || length > MAX_HELLO || end > length {
            return None;
        }
        if self.body.len() != length {
            self.body = vec![0; length];
            self.arrived = vec![false; length];
        }
        self.body[start..end].copy_from_slice(fragment);
        self.arrived[start..end].fill(true);
        Some(())
    }
}

/// The body of the first record, and what follows it.
pub(super) fn next_record(datagram: &[u8]) -> Option<(&[u8], &[u8])> {
    let header = datagram.get(..RECORD_HEADER)?;
    let end = RECORD_HEADER + usize::from(u16::from_be_bytes([header[11], header[12]]));
    let body = datagram.get(RECORD_HEADER..end)?;
    Some((body, &datagram[end..]))
}

pub(super) fn be24(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | usize::from(*byte))
}

/// Whether a ClientHello's `use_srtp` (RFC 5764 §4.1.1) names AES-128-GCM.
fn offers_gcm(hello: &[u8]) -> Option<bool> {
    // version and random, then session id, cookie, cipher suites, compression
    let mut rest = hello.get(34..)?;
    for width in [1, 1, 2, 1] {
        rest = take_vector(rest, width)?.1;
    }
    let (mut extensions, _) = take_vector(rest, 2)?;
    while let Some(kind) = extensions.get(..2) {
        let (body, after) = take_vector(&extensions[2..], 2)?;
        if u16::from_be_bytes([kind[0], kind[1]]) == USE_SRTP {
            let (profiles, _) = take_vector(body, 2)?;
            return Some(profiles.chunks_exact(2).any(|p| p == GCM.to_be_bytes()));
        }
        extensions = after;
    }
    None
}

/// A vector whose length stands before it in `width` bytes, and what follows.
fn take_vector(bytes: &[u8], width: usize) -> Option<(&[u8], &[u8])> {
    let end = width + be24(bytes.get(..width)?);
    Some((bytes.get(width..end)?, &bytes[end..]))
}
