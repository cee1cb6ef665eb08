//! Payload types of an m-line: which formats we accept and what the answer
//! says about them.

use std::collections::BTreeMap;

use rtc_sdp::MediaDescription;
use sfu::{Codec, PayloadType};

/// Feedback that we give and understand (RFC 4585, RFC 5104).
const FEEDBACK: [&str; 5] = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"];

/// A payload type of an offer that we accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfferedPayload {
    pub(super) agreed: PayloadType,
    /// `a=rtpmap` without the payload type.
    rtpmap: String,
    /// `a=fmtp` without the payload type, as the answer says it.
    fmtp: Option<String>,
    /// `a=rtcp-fb` without the payload type: what both sides know.
    feedback: Vec<&'static str>,
}

/// The attributes of one payload type, as text.
#[derive(Default)]
struct Lines<'a> {
    rtpmap: Option<&'a str>,
    fmtp: Option<&'a str>,
    feedback: Vec<&'a str>,
}

/// The accepted payload types of a section in the client's order of
/// preference. Retransmission formats belong to the format that they repair.
pub(super) fn accepted(section: &MediaDescription, video: bool) -> Vec<OfferedPayload> {
    let lines = lines(section);
    let feedback_for_all = lines
        .get("*")
        .map_or(&[][..], |all| all.feedback.as_slice());
    let mut payloads: Vec<OfferedPayload> = Vec::new();
    for format in &section.media_name.formats {
        let Some(own) = lines.get(format.as_str()) else {
            continue;
        };
        let Some((pt, codec)) = recognise(format, own) else {
            continue;
        };
        if codec.is_video() != video || payloads.iter().any(|known| known.agreed.pt == pt) {
            continue;
        }
        let offered = own.feedback.iter().chain(feedback_for_all);
        let offered: Vec<&str> = offered.copied().collect();
        payloads.push(OfferedPayload {
            agreed: PayloadType {
                pt,
                codec,
                rtx: rtx_of(pt, &lines),
            },
            rtpmap: own.rtpmap.unwrap_or_default().to_owned(),
            fmtp: answer_fmtp(codec, own.fmtp),
            feedback: FEEDBACK
                .into_iter()
                .filter(|known| offered.contains(known))
                .collect(),
        });
    }
    drop_red_without_opus(&mut payloads);
    payloads
}

fn lines(section: &MediaDescription) -> BTreeMap<&str, Lines<'_>> {
    let mut all: BTreeMap<&str, Lines<'_>> = BTreeMap::new();
    for attribute in &section.attributes {
        let Some((format, text)) = attribute
            .value
            .as_deref()
            .and_then(|value| value.split_once(' '))
        else {
            continue;
        };
        match attribute.key.as_str() {
            "rtpmap" => all.entry(format).or_default().rtpmap = Some(text.trim()),
            "fmtp" => all.entry(format).or_default().fmtp = Some(text.trim()),
            "rtcp-fb" => all.entry(format).or_default().feedback.push(text.trim()),
            _ => {}
        }
    }
    all
}

fn recognise(format: &str, lines: &Lines<'_>) -> Option<(u8, Codec)> {
    let pt = payload_type(format)?;
    let mut parts = lines.rtpmap?.split('/');
    let (name, clock, channels) = (parts.next()?, parts.next()?, parts.next());
    let fmtp = Parameters(lines.fmtp.unwrap_or_default());
    let codec = match (name.to_ascii_lowercase().as_str(), channels) {
        ("opus", Some("2")) => Codec::Opus,
        ("red", Some("2")) => Codec::Red,
        ("vp8", None) => Codec::Vp8,
        ("vp9", None) => Codec::Vp9 {
            profile: fmtp.number("profile-id").unwrap_or(0),
        },
        ("av1", None) => Codec::Av1 {
            profile: fmtp.number("profile").unwrap_or(0),
        },
        ("h264", None) => h264(&fmtp)?,
        _ => return None,
    };
    (clock.parse() == Ok(codec.clock_rate())).then_some((pt, codec))
}

/// Payload types 64 to 95 would be taken for RTCP (RFC 5761 §4).
fn payload_type(format: &str) -> Option<u8> {
    let pt: u8 = format.parse().ok()?;
    (pt < 64 || (96..128).contains(&pt)).then_some(pt)
}

fn h264(fmtp: &Parameters<'_>) -> Option<Codec> {
    // without one it is baseline at level 1 (RFC 6184 §8.1)
    let level = fmtp.value("profile-level-id").unwrap_or("42000a");
    let level = (level.len() == 6)
        .then(|| u32::from_str_radix(level, 16).ok())
        .flatten()?;
    let [_, profile, constraints, _] = level.to_be_bytes();
    let packetization_mode = fmtp.number("packetization-mode").unwrap_or(0);
    (packetization_mode <= 1).then_some(Codec::H264 {
        profile,
        constraints,
        packetization_mode,
    })
}

/// The payload type that carries retransmissions of another (RFC 4588).
fn rtx_of(pt: u8, lines: &BTreeMap<&str, Lines<'_>>) -> Option<u8> {
    lines.iter().find_map(|(format, lines)| {
        let name = lines.rtpmap?.split('/').next()?;
        let original: Option<u8> = Parameters(lines.fmtp?).number("apt");
        let repairs = name.eq_ignore_ascii_case("rtx") && original == Some(pt);
        repairs.then(|| payload_type(format)).flatten()
    })
}

fn answer_fmtp(codec: Codec, offered: Option<&str>) -> Option<String> {
    match codec {
        Codec::Opus => Some("minptime=10;useinbandfec=1;usedtx=1".to_owned()),
        _ => offered.map(str::to_owned),
    }
}

/// RED is understood only around an accepted Opus (RFC 2198 §5).
fn drop_red_without_opus(payloads: &mut Vec<OfferedPayload>) {
    let opus: Vec<String> = payloads
        .iter()
        .filter(|payload| payload.agreed.codec == Codec::Opus)
        .map(|payload| payload.agreed.pt.to_string())
        .collect();
    payloads.retain(|payload| {
        let blocks = payload.fmtp.as_deref().unwrap_or_default();
        payload.agreed.codec != Codec::Red
            || (!blocks.is_empty()
                && blocks
                    .split('/')
                    .all(|block| opus.iter().any(|pt| pt == block)))
    });
}

/// `key=value` pairs of an `a=fmtp`.
struct Parameters<'a>(&'a str);

impl<'a> Parameters<'a> {
    fn value(&self, key: &str) -> Option<&'a str> {
        self.0.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case(key)
                .then_some(value.trim())
        })
    }

    fn number(&self, key: &str) -> Option<u8> {
        self.value(key)?.parse().ok()
    }
}

impl OfferedPayload {
    /// The answer's lines about this payload type and its retransmissions.
    pub(super) fn write(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pt = self.agreed.pt;
        write!(f, "a=rtpmap:{pt} {}\r\n", self.rtpmap)?;
        for feedback in &self.feedback {
            write!(f, "a=rtcp-fb:{pt} {feedback}\r\n")?;
        }
        if let Some(fmtp) = &self.fmtp {
            write!(f, "a=fmtp:{pt} {fmtp}\r\n")?;
        }
        if let Some(rtx) = self.agreed.rtx {
            let clock = self.agreed.codec.clock_rate();
            write!(f, "a=rtpmap:{rtx} rtx/{clock}\r\na=fmtp:{rtx} apt={pt}\r\n")?;
        }
        Ok(())
    }
}
