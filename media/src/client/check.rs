//! Connectivity checks of the controlling side (RFC 8445 §7.2).

use rtc_crypto::RTCCrypto;
use rtc_stun::{
    attributes::{ATTR_ICE_CONTROLLING, ATTR_PRIORITY, ATTR_USE_CANDIDATE, ATTR_USERNAME},
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter, TransactionId},
};

use crate::sdp::IceCredentials;

/// A request that nominates the path it takes.
pub(super) fn request(
    local: &IceCredentials,
    remote: &IceCredentials,
    crypto: &dyn RTCCrypto,
) -> Result<Vec<u8>, rtc_shared::error::Error> {
    let mut message = Message::new();
    message.transaction_id = TransactionId::new();
    message.set_type(BINDING_REQUEST);
    message.write_header();
    let username = format!("{}:{}", remote.ufrag, local.ufrag);
    message.add(ATTR_USERNAME, username.as_bytes());
    message.add(ATTR_PRIORITY, &(110_u32 << 24).to_be_bytes());
    message.add(ATTR_ICE_CONTROLLING, &1_u64.to_be_bytes());
    message.add(ATTR_USE_CANDIDATE, &[]);
    let password = remote.password.as_bytes().to_vec();
    MessageIntegrity::new_raw_integrity_with_provider(password, crypto).add_to(&mut message)?;
    FINGERPRINT.add_to(&mut message)?;
    Ok(message.raw)
}

/// Whether a datagram is the server's authentic "yes".
pub(super) fn is_success(datagram: &[u8], remote: &IceCredentials, crypto: &dyn RTCCrypto) -> bool {
    let mut message = Message::new();
    message.unmarshal_binary(datagram).is_ok()
        && message.typ == BINDING_SUCCESS
        && FINGERPRINT.check(&message).is_ok()
        && MessageIntegrity::check(&mut message, remote.password.as_bytes(), crypto).is_ok()
}
