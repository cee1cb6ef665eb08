//! Owns the text of the load's offers and what it reads from answers. Real
//! browsers' SDP is the business of `media`'s tests.

use std::net::SocketAddr;

use anyhow::{Context, Result};

use super::message::Role;
use crate::traffic::{MID, PAYLOAD_TYPE, RTX_PAYLOAD_TYPE, TRANSPORT_CC};

const TRANSPORT_CC_URI: &str =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/// ICE user name fragment and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The fragment.
    pub ufrag: String,
    /// The password.
    pub password: String,
}

/// What the server's answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its ICE credentials.
    pub credentials: Credentials,
    /// Its first UDP candidate of IPv4.
    pub address: SocketAddr,
}

/// The offer of one video m-line: `mid` 0 when publishing, 1 when viewing.
#[must_use]
pub fn offer(role: Role, own: &Credentials, fingerprint: &str, ssrc: u32) -> String {
    let (mid, direction, feedback) = match role {
        Role::Publisher { .. } => (0, "sendonly", true),
        Role::Viewer { feedback, .. } => (1, "recvonly", feedback),
    };
    let (video, rtx) = (PAYLOAD_TYPE, RTX_PAYLOAD_TYPE);
    let Credentials { ufrag, password } = own;
    let mut lines = vec![
        "v=0".to_owned(),
        format!("o=- {} 1 IN IP4 127.0.0.1", 1_000_000 + u64::from(ssrc)),
        "s=-".to_owned(),
        "t=0 0".to_owned(),
        format!("a=group:BUNDLE {mid}"),
        "a=extmap-allow-mixed".to_owned(),
        format!("m=video 9 UDP/TLS/RTP/SAVPF {video} {rtx}"),
        "c=IN IP4 0.0.0.0".to_owned(),
        "a=rtcp:9 IN IP4 0.0.0.0".to_owned(),
        format!("a=ice-ufrag:{ufrag}"),
        format!("a=ice-pwd:{password}"),
        "a=ice-options:trickle".to_owned(),
        format!("a=fingerprint:sha-256 {fingerprint}"),
        "a=setup:actpass".to_owned(),
        format!("a=mid:{mid}"),
        format!("a=extmap:{MID} urn:ietf:params:rtp-hdrext:sdes:mid"),
        format!("a={direction}"),
        "a=rtcp-mux".to_owned(),
        "a=rtcp-rsize".to_owned(),
        format!("a=rtpmap:{video} VP8/90000"),
        format!("a=rtcp-fb:{video} ccm fir"),
        format!("a=rtcp-fb:{video} nack"),
        format!("a=rtcp-fb:{video} nack pli"),
    ];
    if feedback {
        lines.push(format!("a=rtcp-fb:{video} transport-cc"));
        lines.push(format!("a=extmap:{TRANSPORT_CC} {TRANSPORT_CC_URI}"));
    }
    lines.push(format!("a=rtpmap:{rtx} rtx/90000"));
    lines.push(format!("a=fmtp:{rtx} apt={video}"));
    if matches!(role, Role::Publisher { .. }) {
        lines.push(format!("a=ssrc-group:FID {ssrc} {}", ssrc + 1));
        lines.push(format!("a=ssrc:{ssrc} cname:bench"));
        lines.push(format!("a=ssrc:{} cname:bench", ssrc + 1));
    }
    lines.join("\r\n") + "\r\n"
}

/// Reads an answer.
///
/// # Errors
/// Says what is missing.
pub fn answer(sdp: &str) -> Result<Answer> {
    let value = |name: &str| {
        let line = sdp.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim)
            .with_context(|| format!("no {name} in the answer"))
    };
    let address = sdp.lines().find_map(candidate);
    Ok(Answer {
        credentials: Credentials {
            ufrag: value("a=ice-ufrag:")?.to_owned(),
            password: value("a=ice-pwd:")?.to_owned(),
        },
        address: address.context("no candidate of IPv4 in the answer")?,
    })
}

/// The address of a UDP candidate of IPv4 (RFC 8839 §5.1).
fn candidate(line: &str) -> Option<SocketAddr> {
    let mut words = line.strip_prefix("a=candidate:")?.split(' ').skip(2);
    let udp = words.next()?.eq_ignore_ascii_case("udp");
    let (address, port) = (words.nth(1)?, words.next()?);
    let address = SocketAddr::new(address.parse().ok()?, port.parse().ok()?);
    (udp && address.is_ipv4()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_gives_credentials_and_the_first_ipv4_address() {
        let sdp = "v=0\r\na=ice-ufrag:ab\r\na=ice-pwd:cd\r\n\
            a=candidate:1 1 udp 2130706431 ::1 4000 typ host\r\n\
            a=candidate:2 1 UDP 2130706431 127.0.0.1 4001 typ host\r\n";
        let answer = answer(sdp).unwrap();
        assert_eq!(answer.credentials.ufrag, "ab");
        assert_eq!(answer.credentials.password, "cd");
        assert_eq!(answer.address.to_string(), "127.0.0.1:4001");
    }

    #[test]
    fn an_answer_without_an_address_is_refused() {
        assert!(answer("a=ice-ufrag:ab\r\na=ice-pwd:cd\r\n").is_err());
    }
}
