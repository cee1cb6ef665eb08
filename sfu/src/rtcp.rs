//! RTCP (RFC 3550 §6, RFC 4585): what arrives, and how what leaves is put
//! together. Bits and bytes are `rtc-rtcp`'s.

use rtc_rtcp::{
    header::{FORMAT_FIR, FORMAT_PLI, FORMAT_REMB, FORMAT_TCC, FORMAT_TLN},
    packet::Packet,
    payload_feedbacks::{
        full_intra_request::FullIntraRequest, picture_loss_indication::PictureLossIndication,
        receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate,
    },
    receiver_report::ReceiverReport,
    sender_report::SenderReport,
    transport_feedbacks::{
        transport_layer_cc::TransportLayerCc,
        transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers},
    },
};
use rtc_shared::marshal::Unmarshal;

/// The SSRC under which this server speaks about streams of others. It sends
/// nothing under it; browsers that only receive use the same.
pub(crate) const SENDER_SSRC: u32 = 1;

/// Bytes of a common header.
const HEADER: usize = 4;
const VERSION: u8 = 2;
/// Packet types of RFC 3550 and RFC 4585.
const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const TRANSPORT_FEEDBACK: u8 = 205;
const PAYLOAD_FEEDBACK: u8 = 206;
/// Where transport-wide feedback says how many packets it tells about, and the
/// most that are read: twice what a history remembers. A few bytes can claim
/// 65,535 packets, and each is walked through.
const STATUS_COUNT: std::ops::Range<usize> = 14..16;
const STATUS_COUNT_MAX: u16 = 4_096;

/// Why an RTCP packet was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RtcpError {
    /// Not even the first header can be read.
    #[error("not an RTCP packet")]
    Malformed,
    /// The sender is not in the room.
    #[error("the peer is not in the room")]
    UnknownPeer,
}

/// A message that this crate acts on.
#[derive(Debug)]
pub(crate) enum Message {
    SenderReport(SenderReport),
    ReceiverReport(ReceiverReport),
    Nack(TransportLayerNack),
    PictureLoss(PictureLossIndication),
    FullIntra(FullIntraRequest),
    Remb(ReceiverEstimatedMaximumBitrate),
    TransportCc(TransportLayerCc),
}

/// Reads a compound packet. A part that is malformed or of no interest is
/// passed over; what follows it counts.
///
/// # Errors
/// [`RtcpError::Malformed`] when the first header cannot be read.
pub(crate) fn parse(packet: &[u8]) -> Result<impl Iterator<Item = Message>, RtcpError> {
    if split(packet).is_none() {
        return Err(RtcpError::Malformed);
    }
    Ok(Parts(packet).filter_map(message))
}

/// The parts of a compound packet.
struct Parts<'a>(&'a [u8]);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (part, rest) = split(self.0)?;
        self.0 = rest;
        Some(part)
    }
}

fn split(packet: &[u8]) -> Option<(&[u8], &[u8])> {
    let header: &[u8; HEADER] = packet.first_chunk()?;
    if header[0] >> 6 != VERSION {
        return None;
    }
    let words = usize::from(u16::from_be_bytes([header[2], header[3]]));
    packet.split_at_checked(HEADER + 4 * words)
}

fn message(part: &[u8]) -> Option<Message> {
    let (format, packet_type) = (part[0] & 0x1f, part[1]);
    Some(match (packet_type, format) {
        (SENDER_REPORT, _) => Message::SenderReport(read(part)?),
        (RECEIVER_REPORT, _) => Message::ReceiverReport(read(part)?),
        (TRANSPORT_FEEDBACK, FORMAT_TLN) => Message::Nack(read(part)?),
        (TRANSPORT_FEEDBACK, FORMAT_TCC) => Message::TransportCc(transport_cc(part)?),
        (PAYLOAD_FEEDBACK, FORMAT_PLI) => Message::PictureLoss(read(part)?),
        (PAYLOAD_FEEDBACK, FORMAT_FIR) => Message::FullIntra(read(part)?),
        (PAYLOAD_FEEDBACK, FORMAT_REMB) => Message::Remb(read(part)?),
        _ => return None,
    })
}

fn transport_cc(part: &[u8]) -> Option<TransportLayerCc> {
    let count = part.get(STATUS_COUNT)?.try_into().ok()?;
    let is_plausible = u16::from_be_bytes(count) <= STATUS_COUNT_MAX;
    is_plausible.then(|| read(part)).flatten()
}

fn read<T: Unmarshal>(mut part: &[u8]) -> Option<T> {
    T::unmarshal(&mut part).ok()
}

/// A compound packet that is being put together; its buffer is used again.
#[derive(Debug, Default)]
pub(crate) struct Compound(Vec<u8>);

impl Compound {
    /// Adds a part. One that cannot be written is left out: only a part with
    /// more blocks than its header can count cannot.
    pub(crate) fn add(&mut self, part: &impl Packet) {
        let start = self.0.len();
        self.0.resize(start + part.marshal_size(), 0);
        if part.marshal_to(&mut self.0[start..]).is_err() {
            self.0.truncate(start);
        }
    }

    /// The packet so far, if there is any.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        (!self.0.is_empty()).then_some(self.0.as_slice())
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Starts anew.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A keyframe request for a stream (RFC 4585 §6.3.1).
pub(crate) fn picture_loss(ssrc: u32) -> PictureLossIndication {
    PictureLossIndication {
        sender_ssrc: SENDER_SSRC,
        media_ssrc: ssrc,
    }
}

/// A request to send packets again (RFC 4585 §6.2.1).
pub(crate) fn nack(ssrc: u32, missing: &[u16]) -> TransportLayerNack {
    TransportLayerNack {
        sender_ssrc: SENDER_SSRC,
        media_ssrc: ssrc,
        nacks: nack_pairs_from_sequence_numbers(missing),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compound(parts: &[&dyn Fn(&mut Compound)]) -> Vec<u8> {
        let mut compound = Compound::default();
        parts.iter().for_each(|part| part(&mut compound));
        compound.bytes().unwrap_or_default().to_vec()
    }

    #[test]
    fn one_bad_part_does_not_lose_the_others() {
        let mut packet = compound(&[&|c| c.add(&nack(7, &[1, 2, 30])), &|c| {
            c.add(&picture_loss(9));
        }]);
        // a receiver report that counts more blocks than it has
        let bad = [0x9f, 201, 0, 1, 0, 0, 0, 1];
        packet.splice(0..0, bad);
        let messages: Vec<Message> = parse(&packet).expect("headers are fine").collect();
        assert!(matches!(&messages[0], Message::Nack(nack) if nack.media_ssrc == 7));
        assert!(matches!(&messages[1], Message::PictureLoss(pli) if pli.media_ssrc == 9));
    }

    #[test]
    fn what_is_no_rtcp_is_refused() {
        assert!(parse(&[0; 12]).is_err());
        assert!(parse(&[]).is_err());
    }

    #[test]
    fn feedback_about_more_packets_than_are_remembered_is_passed_over() {
        let feedback = |count: u16| {
            // a run of as many lost packets, and one that stands for padding
            let run = count.min(0x1fff).to_be_bytes();
            let mut packet = vec![0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0];
            packet.extend(count.to_be_bytes());
            packet.extend([0, 0, 1, 0, run[0], run[1], 0, 0]);
            let messages = parse(&packet).expect("the header is fine");
            messages.count()
        };
        assert_eq!(feedback(STATUS_COUNT_MAX), 1);
        assert_eq!(feedback(STATUS_COUNT_MAX + 1), 0);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(packet in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(messages) = parse(&packet) {
                messages.for_each(drop);
            }
        }

        #[test]
        fn no_body_of_a_known_type_makes_the_parser_panic(
            format in 0u8..32, kind in 200u8..208, words in 0usize..40, body in proptest::collection::vec(any::<u8>(), 160),
        ) {
            let mut packet = vec![0x80 | format, kind, 0, words as u8];
            packet.extend(&body[..4 * words]);
            if let Ok(messages) = parse(&packet) {
                for message in messages {
                    if let Message::Nack(nack) = message {
                        nack.nacks.iter().for_each(|pair| drop(pair.packet_list()));
                    }
                }
            }
        }
    }
}
