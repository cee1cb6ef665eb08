//! The server's answer, as far as a native client needs it.

use std::net::{IpAddr, SocketAddr};

use super::ClientError;
use crate::sdp::{Fingerprint, IceCredentials};

/// A slot: a stream that the server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSlot {
    /// The m-line's mid.
    pub mid: String,
    /// Video or audio.
    pub video: bool,
    /// The stream's SSRC.
    pub ssrc: u32,
    /// The SSRC of its retransmissions.
    pub rtx_ssrc: Option<u32>,
}

/// What an answer says about the server.
pub(super) struct ServerAnswer {
    pub(super) ice: IceCredentials,
    pub(super) fingerprint: Fingerprint,
    pub(super) candidates: Vec<SocketAddr>,
    pub(super) slots: Vec<ClientSlot>,
}

impl ServerAnswer {
    pub(super) fn parse(sdp: &str) -> Result<Self, ClientError> {
        let value = |key: &str| sdp.lines().find_map(|line| line.strip_prefix(key));
        let missing = ClientError::Answer;
        let ice = IceCredentials {
            ufrag: value("a=ice-ufrag:").ok_or(missing("ufrag"))?.to_owned(),
            password: value("a=ice-pwd:").ok_or(missing("password"))?.to_owned(),
        };
        let fingerprint = value("a=fingerprint:").and_then(Fingerprint::parse);
        Ok(Self {
            ice,
            fingerprint: fingerprint.ok_or(missing("fingerprint"))?,
            candidates: sdp.lines().filter_map(candidate).collect(),
            slots: sdp.split("\r\nm=").skip(1).filter_map(slot).collect(),
        })
    }
}

fn candidate(line: &str) -> Option<SocketAddr> {
    let mut words = line.strip_prefix("a=candidate:")?.split(' ');
    let ip: IpAddr = words.nth(4)?.parse().ok()?;
    Some(SocketAddr::new(ip, words.next()?.parse().ok()?))
}

fn slot(section: &str) -> Option<ClientSlot> {
    let value = |key: &str| section.lines().find_map(|line| line.strip_prefix(key));
    section.lines().find(|line| *line == "a=sendonly")?;
    let rtx = value("a=ssrc-group:FID ").and_then(|pair| pair.split_once(' '));
    Some(ClientSlot {
        mid: value("a=mid:")?.to_owned(),
        video: section.starts_with("video"),
        ssrc: value("a=ssrc:")?.split(' ').next()?.parse().ok()?,
        rtx_ssrc: rtx.and_then(|(_, rtx)| rtx.parse().ok()),
    })
}
