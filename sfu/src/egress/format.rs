//! Which payload type a packet of a source gets in a slot.

use crate::{Codec, PayloadType};

/// How a source's payloads are labelled in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) pt: u8,
    pub(crate) rtx: Option<u8>,
    pub(crate) red: Red,
}

/// What happens to redundant audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Red {
    /// The payload is no redundant audio.
    None,
    /// Its blocks get this payload type.
    Renumber(u8),
    /// Only the newest block is sent, as plain Opus.
    Strip,
}

impl Format {
    /// The way to send `codec` to a receiver of `payloads`, if there is one.
    pub(crate) fn find(payloads: &[PayloadType], codec: Codec) -> Option<Self> {
        let exact = payloads.iter().find(|p| p.codec == codec);
        let opus = payloads.iter().find(|p| p.codec == Codec::Opus);
        let any = || payloads.iter().find(|p| p.codec.decodes(codec));
        if codec != Codec::Red {
            let payload = exact.or_else(any)?;
            return Some(Self::plain(payload, Red::None));
        }
        match (exact, opus) {
            (Some(red), Some(opus)) => Some(Self::plain(red, Red::Renumber(opus.pt))),
            (_, Some(opus)) => Some(Self::plain(opus, Red::Strip)),
            (_, None) => None,
        }
    }

    const fn plain(payload: &PayloadType, red: Red) -> Self {
        Self {
            pt: payload.pt,
            rtx: payload.rtx,
            red,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn payload(pt: u8, codec: Codec) -> PayloadType {
        PayloadType {
            pt,
            codec,
            rtx: None,
        }
    }

    const fn h264(profile: u8, constraints: u8) -> Codec {
        Codec::H264 {
            profile,
            constraints,
            packetization_mode: 1,
        }
    }

    #[test]
    fn redundant_audio_is_stripped_for_those_who_cannot_read_it() {
        let plain = [payload(96, Codec::Opus)];
        let both = [payload(96, Codec::Opus), payload(97, Codec::Red)];
        let format = |payloads| Format::find(payloads, Codec::Red).map(|f| (f.pt, f.red));
        assert_eq!(format(&plain), Some((96, Red::Strip)));
        assert_eq!(format(&both), Some((97, Red::Renumber(96))));
    }

    #[test]
    fn constrained_baseline_may_go_to_a_main_decoder_but_not_the_other_way() {
        let main = [payload(100, h264(0x4d, 0))];
        let baseline = [payload(101, h264(0x42, 0xe0))];
        assert_eq!(
            Format::find(&main, h264(0x42, 0xe0)).map(|f| f.pt),
            Some(100)
        );
        assert_eq!(Format::find(&baseline, h264(0x4d, 0)), None);
    }
}
