//! Keys of peers and tracks, and what a peer sees.

use protocol::Source;

use crate::Bitrate;

/// Names a participant towards this crate. Chosen by the caller, unique among
/// the rooms of one worker, and not used again while any packet of its former
/// owner may still arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerKey(pub u32);

/// Names one track of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackKey {
    /// Who publishes it.
    pub peer: PeerKey,
    /// Which of their sources it is.
    pub source: Source,
}

/// One tile that a participant sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// The video track shown there.
    pub track: TrackKey,
    /// Width in device pixels.
    pub width: u32,
    /// Height in device pixels.
    pub height: u32,
}

/// All that a participant sees, most important tile first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// The visible tiles. A track that is not among them is not sent.
    pub tiles: Vec<Tile>,
    /// The most that the participant wants to receive.
    pub max_bitrate: Option<Bitrate>,
}
