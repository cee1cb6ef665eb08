//! Offers, slots and views: how media is agreed on and who sees what.

use serde::{Deserialize, Serialize};

use crate::PeerId;

/// Where a track comes from. A participant has at most one track of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The participant's microphone.
    Microphone,
    /// The participant's camera, with simulcast layers.
    Camera,
    /// A shared screen, window or tab.
    Screen,
    /// The sound of what is shared.
    ScreenAudio,
}

impl Source {
    /// Whether the track is video.
    #[must_use]
    pub fn is_video(self) -> bool {
        matches!(self, Self::Camera | Self::Screen)
    }
}

/// Names one track of a room.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TrackRef {
    /// Whose track it is.
    pub peer: PeerId,
    /// Which of their tracks.
    pub source: Source,
}

/// A sending m-line of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedTrack {
    /// The m-line's `a=mid`.
    pub mid: String,
    /// What is sent there.
    pub source: Source,
}

/// The client's SDP offer (RFC 8829). The client always offers, the server
/// always answers. Receive-only m-lines are *slots*: streams of the server
/// whose source changes without a further offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Counts the offers of one peer connection, from 1.
    pub negotiation: u32,
    /// Names the peer connection: a new one, made after the old one failed,
    /// has a new number and new ICE and DTLS parameters from the server.
    pub connection: u32,
    /// The SDP.
    pub sdp: String,
    /// What the sending m-lines carry.
    pub tracks: Vec<OfferedTrack>,
}

/// One tile that the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewTile {
    /// The video track of the tile.
    pub track: TrackRef,
    /// Width of the tile in device pixels.
    pub width: u32,
    /// Height of the tile in device pixels.
    pub height: u32,
}

/// What the page shows, most important tile first. A track that is not listed
/// is not sent at all. It replaces the view that was sent before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// The visible tiles, most important first. More than 256 are refused.
    pub tiles: Vec<ViewTile>,
    /// The most that the participant wants to receive, in bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bitrate: Option<u64>,
}

/// What a slot carries from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotAssignment {
    /// The slot: the `a=mid` of a receive-only m-line of the client's offer.
    pub slot: String,
    /// What it carries, or nothing.
    pub track: Option<TrackRef>,
}

/// How good a connection is, from what the server measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QualityScore {
    /// The connection is lost at the moment.
    Lost,
    /// Sound or picture suffers.
    Poor,
    /// Noticeable at times.
    Fair,
    /// As it should be.
    Good,
}

/// How good one participant's connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Whose connection.
    pub peer: PeerId,
    /// How good it is.
    pub score: QualityScore,
}
