//! Header extensions of incoming packets: which id means what on a connection.

use crate::{
    ExtensionIds,
    packet_cache::{CAPTURE_TIME_MAX, PassedExtensions},
    rtp::Header,
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Meaning {
    #[default]
    Unknown,
    Mid,
    Rid,
    RepairedRid,
    AudioLevel,
    TransportCc,
    CaptureTime,
    VideoOrientation,
    Dependency,
    PlayoutDelay,
}

/// The meaning of ids on one connection: BUNDLE demands one meaning for all
/// its m-lines (RFC 8285 §7).
#[derive(Debug, Clone)]
pub(crate) struct ExtensionTable([Meaning; 256]);

impl Default for ExtensionTable {
    fn default() -> Self {
        Self([Meaning::Unknown; 256])
    }
}

/// What the extensions of one packet say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ReadExtensions<'a> {
    pub(crate) mid: Option<&'a [u8]>,
    pub(crate) rid: Option<&'a [u8]>,
    pub(crate) repaired_rid: Option<&'a [u8]>,
    pub(crate) transport_cc: Option<u16>,
    pub(crate) dependency: &'a [u8],
    pub(crate) passed: PassedExtensions,
}

impl ExtensionTable {
    /// Learns the ids of an m-line.
    pub(crate) fn learn(&mut self, ids: &ExtensionIds) {
        let meanings = [
            (ids.mid, Meaning::Mid),
            (ids.rid, Meaning::Rid),
            (ids.repaired_rid, Meaning::RepairedRid),
            (ids.audio_level, Meaning::AudioLevel),
            (ids.transport_cc, Meaning::TransportCc),
            (ids.abs_capture_time, Meaning::CaptureTime),
            (ids.video_orientation, Meaning::VideoOrientation),
            (ids.dependency_descriptor, Meaning::Dependency),
            (ids.playout_delay, Meaning::PlayoutDelay),
        ];
        for (id, meaning) in meanings {
            if let Some(id) = id {
                self.0[usize::from(id)] = meaning;
            }
        }
    }

    /// Reads all extensions that have a meaning.
    #[inline]
    pub(crate) fn read<'a>(&self, header: &Header, packet: &'a [u8]) -> ReadExtensions<'a> {
        let mut read = ReadExtensions::default();
        for extension in header.extensions(packet) {
            let value = extension.value;
            match self.0[usize::from(extension.id)] {
                Meaning::Unknown => {}
                Meaning::Mid => read.mid = Some(value),
                Meaning::Rid => read.rid = Some(value),
                Meaning::RepairedRid => read.repaired_rid = Some(value),
                Meaning::AudioLevel => read.passed.audio_level = value.first().copied(),
                Meaning::TransportCc => {
                    read.transport_cc = value.first_chunk().map(|v| u16::from_be_bytes(*v));
                }
                Meaning::CaptureTime => read.passed.capture_time = capture_time(value),
                Meaning::VideoOrientation => read.passed.video_orientation = value.first().copied(),
                Meaning::Dependency => read.dependency = value,
                Meaning::PlayoutDelay => read.passed.playout_delay = value.first_chunk().copied(),
            }
        }
        read
    }
}

fn capture_time(value: &[u8]) -> Option<([u8; CAPTURE_TIME_MAX], u8)> {
    let length = match value.len() {
        8 => 8,
        CAPTURE_TIME_MAX => 16,
        _ => return None,
    };
    let mut bytes = [0; CAPTURE_TIME_MAX];
    bytes[..value.len()].copy_from_slice(value);
    Some((bytes, length))
}
