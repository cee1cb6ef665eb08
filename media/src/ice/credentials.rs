//! New ICE credentials.

use rand::{Rng, distr::Alphanumeric};

use crate::sdp::IceCredentials;

/// Characters of our fragments: 95 bits, so that a fragment names a connection
/// among all of a worker and cannot be guessed.
const UFRAG: usize = 16;

/// Characters of our passwords; RFC 8445 §5.3 asks for 128 bits.
const PASSWORD: usize = 32;

/// Random credentials that no other connection has.
pub(crate) fn fresh() -> IceCredentials {
    IceCredentials {
        ufrag: text(UFRAG),
        password: text(PASSWORD),
    }
}

fn text(length: usize) -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}
