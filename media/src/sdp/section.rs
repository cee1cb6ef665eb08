//! One m-line of an offer.

use rtc_sdp::MediaDescription;
use sfu::SsrcPair;

use super::{
    extension::OfferedExtension,
    payload::{self, OfferedPayload},
};

/// The most simulcast layers of an m-line that are accepted.
const MAX_RIDS: usize = 4;

/// The most lines of one kind that are looked at where each is compared with
/// others: a long offer must not take long.
const MAX_COMPARED: usize = 32;

/// The most SSRCs of an m-line that are accepted.
const MAX_SSRCS: usize = 8;

/// `a=sendrecv` and its kin, from the client's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Direction {
    fn parse(media: &MediaDescription) -> Self {
        let names = [
            ("sendonly", Self::SendOnly),
            ("recvonly", Self::RecvOnly),
            ("inactive", Self::Inactive),
        ];
        names
            .into_iter()
            .find(|(name, _)| media.has_attribute(name))
            .map_or(Self::SendRecv, |(_, direction)| direction)
    }

    pub(super) fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    pub(super) fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}

/// An m-line, as far as it matters to us.
pub(super) struct Section {
    pub(super) mid: String,
    /// `audio`, `video`, `application`…: for the answer.
    pub(super) media: String,
    /// `UDP/TLS/RTP/SAVPF` and the like: for the answer.
    pub(super) protocol: String,
    /// The first format: a rejecting answer must name one.
    pub(super) first_format: String,
    /// Sound or picture in a form that we can use, alive, and in the bundle.
    pub(super) usable: bool,
    pub(super) direction: Direction,
    pub(super) payloads: Vec<OfferedPayload>,
    pub(super) extensions: Vec<OfferedExtension>,
    /// Rids that the client sends, in the order of `a=simulcast`.
    pub(super) rids: Vec<String>,
    pub(super) ssrcs: Vec<SsrcPair>,
    /// Whether the client takes reduced-size RTCP (RFC 5506).
    pub(super) reduced_size: bool,
}

impl Section {
    /// Reads an m-line whose mid was checked. `bundled`: whether it is in the
    /// bundle that the transport carries.
    pub(super) fn parse(media: &MediaDescription, mid: String, bundled: bool) -> Self {
        let kind = media.media_name.media.as_str();
        let payloads = payload::accepted(media, kind == "video");
        // port 0 is a rejected m-line, except that of a bundle (RFC 9143 §6)
        let alive = media.media_name.port.value != 0 || media.has_attribute("bundle-only");
        let protocol = media.media_name.protos.join("/");
        let usable = matches!(kind, "audio" | "video")
            && protocol == "UDP/TLS/RTP/SAVPF"
            && alive
            && bundled
            && media.has_attribute("rtcp-mux")
            && !payloads.is_empty();
        Self {
            mid,
            media: kind.to_owned(),
            protocol,
            first_format: media
                .media_name
                .formats
                .first()
                .cloned()
                .unwrap_or_default(),
            usable,
            direction: Direction::parse(media),
            payloads,
            extensions: extensions(media),
            rids: rids(media),
            ssrcs: ssrcs(media),
            reduced_size: media.has_attribute("rtcp-rsize"),
        }
    }

    pub(super) fn is_video(&self) -> bool {
        self.media == "video"
    }
}

fn values<'a>(media: &'a MediaDescription, key: &'a str) -> impl Iterator<Item = &'a str> {
    media
        .attributes
        .iter()
        .filter(move |attribute| attribute.key == key)
        .filter_map(|attribute| attribute.value.as_deref())
}

/// The known extensions, each once.
fn extensions(media: &MediaDescription) -> Vec<OfferedExtension> {
    let mut extensions: Vec<OfferedExtension> = Vec::new();
    for extension in values(media, "extmap").filter_map(OfferedExtension::parse) {
        let taken =
            |known: &OfferedExtension| known.id == extension.id || known.uri == extension.uri;
        if !extensions.iter().any(taken) {
            extensions.push(extension);
        }
    }
    extensions
}

/// The rids of `a=simulcast:send`, each with an `a=rid` that sends. Of
/// alternatives (`,`) the first is taken, and `~` (paused) is no obstacle.
fn rids(media: &MediaDescription) -> Vec<String> {
    let declared: Vec<&str> = values(media, "rid")
        .filter_map(|value| {
            let mut words = value.split_ascii_whitespace();
            let rid = words.next()?;
            (words.next() == Some("send") && is_rid(rid)).then_some(rid)
        })
        .take(MAX_COMPARED)
        .collect();
    let Some(list) = values(media, "simulcast").find_map(simulcast_send) else {
        return declared.into_iter().take(1).map(str::to_owned).collect();
    };
    list.split(';')
        .filter_map(|alternatives| alternatives.split(',').next())
        .map(|rid| rid.trim_start_matches('~'))
        .filter(|rid| declared.contains(rid))
        .take(MAX_RIDS)
        .map(str::to_owned)
        .collect()
}

/// The list after `send` in an `a=simulcast` (RFC 8853 §5.1).
fn simulcast_send(value: &str) -> Option<&str> {
    let mut words = value.split_ascii_whitespace();
    words.by_ref().find(|word| *word == "send")?;
    words.next()
}

/// 1 to 16 letters, digits, `-` and `_` (RFC 8851 §10, RFC 8852 §3).
fn is_rid(rid: &str) -> bool {
    (1..=16).contains(&rid.len())
        && rid
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

/// The SSRCs of the m-line in order, retransmissions with what they repair.
fn ssrcs(media: &MediaDescription) -> Vec<SsrcPair> {
    let repairs: Vec<(u32, u32)> = values(media, "ssrc-group")
        .filter_map(|value| {
            let mut words = value.split_ascii_whitespace();
            if words.next() != Some("FID") {
                return None;
            }
            Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
        })
        .take(MAX_COMPARED)
        .collect();
    let mut pairs: Vec<SsrcPair> = Vec::new();
    for value in values(media, "ssrc") {
        let Some(ssrc) = value.split(' ').next().and_then(|text| text.parse().ok()) else {
            continue;
        };
        let is_repair = repairs.iter().any(|(_, repair)| *repair == ssrc);
        let is_known = pairs.iter().any(|pair| pair.primary == ssrc);
        if is_repair || is_known || pairs.len() == MAX_SSRCS {
            continue;
        }
        pairs.push(SsrcPair {
            primary: ssrc,
            rtx: repairs
                .iter()
                .find(|(primary, _)| *primary == ssrc)
                .map(|(_, repair)| *repair),
        });
    }
    pairs
}
