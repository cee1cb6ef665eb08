//! Writing an answer.

use std::{fmt, net::SocketAddr};

use protocol::Source;

use super::{
    ClientOffer, Fingerprint, IceCredentials, extension::OfferedExtension, negotiate::SlotPair,
    payload::OfferedPayload, section::Section,
};

/// What an m-line is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// For nothing, for ever: port 0.
    Rejected,
    /// For nothing at present.
    Inactive,
    /// The client sends.
    Publish(Source),
    /// The server sends.
    Slot(SlotPair),
}

/// Our side of the transport.
pub(crate) struct LocalTransport {
    pub(crate) ice: IceCredentials,
    pub(crate) fingerprint: Fingerprint,
    /// Where the worker can be reached.
    pub(crate) candidates: Vec<SocketAddr>,
    /// `o=`: names the session.
    pub(crate) session_id: u64,
    /// `o=`: grows with each answer of the session.
    pub(crate) session_version: u64,
}

/// An answer; its `Display` is the SDP.
pub(crate) struct Answer {
    transport: LocalTransport,
    sections: Vec<AnswerSection>,
    grouped: bool,
    mixed_extensions: bool,
}

/// One m-line of an answer.
pub(crate) struct AnswerSection {
    mid: String,
    media: String,
    protocol: String,
    first_format: String,
    usage: Use,
    payloads: Vec<OfferedPayload>,
    extensions: Vec<OfferedExtension>,
    rids: Vec<String>,
    reduced_size: bool,
}

impl AnswerSection {
    pub(super) fn new(section: &Section, usage: Use) -> Self {
        let publishes = matches!(usage, Use::Publish(_));
        Self {
            mid: section.mid.clone(),
            media: section.media.clone(),
            protocol: section.protocol.clone(),
            first_format: section.first_format.clone(),
            usage,
            payloads: section.payloads.clone(),
            extensions: section.extensions.clone(),
            rids: if publishes {
                section.rids.clone()
            } else {
                Vec::new()
            },
            reduced_size: section.reduced_size,
        }
    }

    fn is_rejected(&self) -> bool {
        self.usage == Use::Rejected
    }
}

impl Answer {
    pub(crate) fn new(
        offer: &ClientOffer,
        sections: Vec<AnswerSection>,
        transport: LocalTransport,
    ) -> Self {
        Self {
            transport,
            sections,
            grouped: offer.grouped,
            mixed_extensions: offer.mixed_extensions,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = &self.transport;
        write!(
            f,
            "v=0\r\no=- {} {} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
            transport.session_id, transport.session_version
        )?;
        if self.grouped {
            f.write_str("a=group:BUNDLE")?;
            for section in self.sections.iter().filter(|s| !s.is_rejected()) {
                write!(f, " {}", section.mid)?;
            }
            f.write_str("\r\n")?;
        }
        if self.mixed_extensions {
            f.write_str("a=extmap-allow-mixed\r\n")?;
        }
        f.write_str("a=msid-semantic: WMS *\r\na=ice-lite\r\n")?;
        let mut candidates = transport.candidates.as_slice();
        for section in &self.sections {
            if section.is_rejected() {
                section.write_rejected(f)?;
            } else {
                // the first accepted m-line stands for the bundle
                section.write(f, transport, std::mem::take(&mut candidates))?;
            }
        }
        Ok(())
    }
}

impl AnswerSection {
    fn write_rejected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "m={} 0 {} {}\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:{}\r\n",
            self.media, self.protocol, self.first_format, self.mid
        )
    }

    fn write(
        &self,
        f: &mut fmt::Formatter<'_>,
        transport: &LocalTransport,
        candidates: &[SocketAddr],
    ) -> fmt::Result {
        write!(f, "m={} 9 {}", self.media, self.protocol)?;
        for payload in &self.payloads {
            write!(f, " {}", payload.agreed.pt)?;
            if let Some(rtx) = payload.agreed.rtx {
                write!(f, " {rtx}")?;
            }
        }
        f.write_str("\r\nc=IN IP4 0.0.0.0\r\n")?;
        write_transport(f, transport, candidates)?;
        write!(f, "a=mid:{}\r\n", self.mid)?;
        for extension in &self.extensions {
            let OfferedExtension { id, uri, direction } = extension;
            write!(f, "a=extmap:{id}{direction} {uri}\r\n")?;
        }
        self.write_direction(f)?;
        f.write_str("a=rtcp-mux\r\n")?;
        if self.reduced_size {
            f.write_str("a=rtcp-rsize\r\n")?;
        }
        for payload in &self.payloads {
            payload.write(f)?;
        }
        self.write_streams(f)
    }

    fn write_direction(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.usage {
            Use::Rejected | Use::Inactive => f.write_str("a=inactive\r\n"),
            Use::Publish(_) => f.write_str("a=recvonly\r\n"),
            // a stream of its own for each slot: what slots carry changes, so
            // browsers must not keep any two of them in step
            Use::Slot(_) => write!(
                f,
                "a=sendonly\r\na=msid:slot-{mid} slot-{mid}\r\n",
                mid = self.mid
            ),
        }
    }

    fn write_streams(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rid in &self.rids {
            write!(f, "a=rid:{rid} recv\r\n")?;
        }
        if !self.rids.is_empty() {
            write!(f, "a=simulcast:recv {}\r\n", self.rids.join(";"))?;
        }
        let Use::Slot(pair) = self.usage else {
            return Ok(());
        };
        let cname = sfu::CNAME;
        if !self.payloads.iter().any(|p| p.agreed.rtx.is_some()) {
            return write!(f, "a=ssrc:{} cname:{cname}\r\n", pair.primary);
        }
        let SlotPair { primary, rtx } = pair;
        write!(
            f,
            "a=ssrc-group:FID {primary} {rtx}\r\n\
             a=ssrc:{primary} cname:{cname}\r\na=ssrc:{rtx} cname:{cname}\r\n"
        )
    }
}

fn write_transport(
    f: &mut fmt::Formatter<'_>,
    transport: &LocalTransport,
    candidates: &[SocketAddr],
) -> fmt::Result {
    write!(
        f,
        "a=ice-ufrag:{}\r\na=ice-pwd:{}\r\na=fingerprint:{}\r\na=setup:passive\r\n",
        transport.ice.ufrag, transport.ice.password, transport.fingerprint
    )?;
    for (place, address) in candidates.iter().enumerate() {
        // type preference 126 for host, component 1 (RFC 8445 §5.1.2.1); each
        // address is a foundation of its own
        let local = 65_535 - u32::try_from(place).unwrap_or(0).min(65_535);
        let priority = (126 << 24) | (local << 8) | 255;
        write!(
            f,
            "a=candidate:{} 1 udp {priority} {} {} typ host\r\n",
            place + 1,
            address.ip(),
            address.port()
        )?;
    }
    if !candidates.is_empty() {
        f.write_str("a=end-of-candidates\r\n")?;
    }
    Ok(())
}
