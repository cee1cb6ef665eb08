//! Transport parameters of an offer: ICE credentials, certificate
//! fingerprints and the DTLS role.

use std::fmt;

use rtc_sdp::{MediaDescription, SessionDescription};

use super::SdpError;

/// The most certificates of a client; browsers have one.
const MAX_FINGERPRINTS: usize = 8;

/// A certificate's SHA-256 digest (RFC 8122).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(pub(crate) [u8; 32]);

impl Fingerprint {
    /// Reads the value of an `a=fingerprint`; nothing for other hashes.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let (hash, digits) = value.split_once(' ')?;
        if !hash.eq_ignore_ascii_case("sha-256") {
            return None;
        }
        let mut digest = [0; 32];
        let mut pairs = digits.trim().split(':');
        for byte in &mut digest {
            let pair = pairs.next().filter(|pair| pair.len() == 2)?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        pairs.next().is_none().then_some(Self(digest))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha-256 ")?;
        for (place, byte) in self.0.iter().enumerate() {
            let colon = if place == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

/// ICE user fragment and password. No `Debug`: the password is a secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IceCredentials {
    pub(crate) ufrag: String,
    pub(crate) password: String,
}

/// What an offer says about the client's side of the transport.
pub(crate) struct RemoteTransport {
    pub(crate) ice: IceCredentials,
    /// Any of these certificates may be used (RFC 8122 §5).
    pub(crate) fingerprints: Vec<Fingerprint>,
}

impl RemoteTransport {
    /// Reads the parameters of the section that stands for the bundle; each
    /// may stand at the session level instead.
    pub(super) fn parse(
        session: &SessionDescription,
        section: &MediaDescription,
    ) -> Result<Self, SdpError> {
        let attribute = |key: &str| {
            let own = section.attributes.iter();
            own.chain(&session.attributes)
                .find(|attribute| attribute.key == key)
                .and_then(|attribute| attribute.value.as_deref())
        };
        if attribute("setup") == Some("passive") {
            return Err(SdpError::Setup);
        }
        let fingerprints = fingerprints(session, section);
        if fingerprints.is_empty() {
            return Err(SdpError::Fingerprint);
        }
        let ufrag = attribute("ice-ufrag").filter(|text| is_ice_text(text, 4));
        let password = attribute("ice-pwd").filter(|text| is_ice_text(text, 22));
        let (Some(ufrag), Some(password)) = (ufrag, password) else {
            return Err(SdpError::IceCredentials);
        };
        Ok(Self {
            ice: IceCredentials {
                ufrag: ufrag.to_owned(),
                password: password.to_owned(),
            },
            fingerprints,
        })
    }
}

fn fingerprints(session: &SessionDescription, section: &MediaDescription) -> Vec<Fingerprint> {
    let own = section.attributes.iter();
    own.chain(&session.attributes)
        .filter(|attribute| attribute.key == "fingerprint")
        .filter_map(|attribute| Fingerprint::parse(attribute.value.as_deref()?))
        .take(MAX_FINGERPRINTS)
        .collect()
}

/// `least` to 256 ice-chars (RFC 8839 §5.4).
fn is_ice_text(text: &str, least: usize) -> bool {
    let ice_char = |c: u8| c.is_ascii_alphanumeric() || c == b'+' || c == b'/';
    (least..=256).contains(&text.len()) && text.bytes().all(ice_char)
}
