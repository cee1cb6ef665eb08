//! STUN binding requests (RFC 8489) by hand.

use hmac::{Hmac, Mac};
use sha1::Sha1;

const COOKIE: u32 = 0x2112_a442;
const HEADER: usize = 20;
/// Bytes of the FINGERPRINT attribute, which comes last.
const FINGERPRINT: usize = 8;
/// Bytes of the MESSAGE-INTEGRITY attribute.
const INTEGRITY: usize = 24;

/// A connectivity check of a controlling agent that nominates.
pub(crate) struct Request {
    pub(crate) transaction: u64,
    pub(crate) username: String,
    pub(crate) password: String,
}

impl Request {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut message = vec![0, 1, 0, 0];
        message.extend(COOKIE.to_be_bytes());
        message.extend([0; 4]);
        message.extend(self.transaction.to_be_bytes());
        attribute(&mut message, 0x0006, self.username.as_bytes());
        attribute(&mut message, 0x0024, &0x6e7f_1eff_u32.to_be_bytes());
        attribute(&mut message, 0x802a, &[7; 8]);
        attribute(&mut message, 0x0025, &[]);
        set_length(&mut message, INTEGRITY);
        let key = self.password.as_bytes();
        let mut mac = <Hmac<Sha1> as Mac>::new_from_slice(key).expect("any key");
        mac.update(&message);
        attribute(&mut message, 0x0008, &mac.finalize().into_bytes());
        set_length(&mut message, FINGERPRINT);
        let sum = crc32(&message) ^ 0x5354_554e;
        attribute(&mut message, 0x8028, &sum.to_be_bytes());
        message
    }
}

/// The transaction that a success response grants.
pub(crate) fn granted(response: &[u8]) -> Option<u64> {
    let is_success = response.starts_with(&[0x01, 0x01]);
    let transaction = response.get(12..HEADER)?;
    is_success.then(|| u64::from_be_bytes(transaction.try_into().expect("eight bytes")))
}

/// Makes the header's length that of the message.
pub(crate) fn mend_length(message: &mut [u8]) {
    if message.len() >= HEADER {
        set_length(message, 0);
    }
}

/// Makes the last eight bytes a right fingerprint of what comes before: what
/// somebody without the password can do.
pub(crate) fn mend_fingerprint(message: &mut Vec<u8>) {
    let Some(body) = message.len().checked_sub(FINGERPRINT) else {
        return;
    };
    message.truncate(body);
    let sum = crc32(message) ^ 0x5354_554e;
    attribute(message, 0x8028, &sum.to_be_bytes());
}

fn attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    message.extend(kind.to_be_bytes());
    message.extend((value.len() as u16).to_be_bytes());
    message.extend(value);
    message.resize(message.len().next_multiple_of(4), 0);
}

/// Sets the header's length as if so many more bytes followed.
fn set_length(message: &mut [u8], more: usize) {
    let length = (message.len() - HEADER + more) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
}

/// ISO 3309, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1));
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
