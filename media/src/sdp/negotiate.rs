//! What offer and answer agree on, and the SSRCs of slots, which stay the same
//! for the life of a connection.

use std::collections::HashMap;

use protocol::{OfferedTrack, Source};
use sfu::{Encodings, Negotiated, Publication, Slot};

use super::{
    ClientOffer, SdpError,
    answer::{AnswerSection, Use},
    extension::{received_ids, sent_ids},
    section::Section,
};

/// The SSRCs of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotPair {
    pub(super) primary: u32,
    pub(super) rtx: u32,
}

/// The most slots that one connection has in its life, those of m-lines that
/// were offered once and no more included. Further ones stay unused.
const SLOTS_EVER_MAX: usize = 8 * sfu::MAX_SLOTS;

/// The SSRCs of all slots of a connection, by mid. Browsers bind an m-line to
/// the SSRC that they first saw there, so it never changes.
#[derive(Debug, Default)]
pub(crate) struct SlotSsrcs(HashMap<String, SlotPair>);

impl SlotSsrcs {
    /// The SSRCs of a slot; nothing when the connection had too many slots.
    fn pair(&mut self, mid: &str, client: &[u32]) -> Option<SlotPair> {
        if let Some(pair) = self.0.get(mid) {
            return Some(*pair);
        }
        if self.0.len() >= SLOTS_EVER_MAX {
            return None;
        }
        let primary = self.fresh(client, 0);
        let pair = SlotPair {
            primary,
            rtx: self.fresh(client, primary),
        };
        self.0.insert(mid.to_owned(), pair);
        Some(pair)
    }

    /// A random SSRC that neither the client nor another slot has.
    fn fresh(&self, client: &[u32], sibling: u32) -> u32 {
        loop {
            let ssrc: u32 = rand::random();
            let taken = self
                .0
                .values()
                .any(|pair| pair.primary == ssrc || pair.rtx == ssrc);
            if ssrc != 0 && ssrc != sibling && !taken && !client.contains(&ssrc) {
                return ssrc;
            }
        }
    }
}

/// Decides what each m-line of an offer is used for.
///
/// # Errors
/// When `tracks` does not fit the offer.
pub(crate) fn negotiate(
    offer: &ClientOffer,
    tracks: &[OfferedTrack],
    ssrcs: &mut SlotSsrcs,
) -> Result<(Negotiated, Vec<AnswerSection>), SdpError> {
    check_tracks(offer, tracks)?;
    let client: Vec<u32> = offer
        .sections
        .iter()
        .flat_map(|section| &section.ssrcs)
        .flat_map(|pair| [Some(pair.primary), pair.rtx])
        .flatten()
        .collect();
    let mut negotiated = Negotiated::default();
    let mut answer = Vec::with_capacity(offer.sections.len());
    for section in &offer.sections {
        let usage = usage(section, tracks, &negotiated, |mid| ssrcs.pair(mid, &client));
        match usage {
            Use::Publish(source) => {
                negotiated.publications.push(publication(section, source));
            }
            Use::Slot(pair) => negotiated.slots.push(slot(section, pair)),
            Use::Rejected | Use::Inactive => {}
        }
        answer.push(AnswerSection::new(section, usage));
    }
    Ok((negotiated, answer))
}

fn usage(
    section: &Section,
    tracks: &[OfferedTrack],
    so_far: &Negotiated,
    pair: impl FnOnce(&str) -> Option<SlotPair>,
) -> Use {
    if !section.usable {
        return Use::Rejected;
    }
    if let Some(track) = tracks.iter().find(|track| track.mid == section.mid) {
        return Use::Publish(track.source);
    }
    if section.direction.receives()
        && so_far.slots.len() < sfu::MAX_SLOTS
        && let Some(pair) = pair(&section.mid)
    {
        return Use::Slot(pair);
    }
    Use::Inactive
}

/// Every track stands on a sending m-line of its kind. A track whose m-line
/// cannot be used (no codec in common) is not an error: the answer rejects it.
fn check_tracks(offer: &ClientOffer, tracks: &[OfferedTrack]) -> Result<(), SdpError> {
    for (place, track) in tracks.iter().enumerate() {
        let same = |other: &OfferedTrack| other.mid == track.mid || other.source == track.source;
        if tracks[..place].iter().any(same) {
            return Err(SdpError::DuplicateTrack);
        }
        let fits = |section: &&Section| {
            section.mid == track.mid
                && section.is_video() == track.source.is_video()
                && section.direction.sends()
        };
        if !offer.sections.iter().any(|section| fits(&section)) {
            return Err(SdpError::Track(track.mid.clone()));
        }
    }
    Ok(())
}

fn publication(section: &Section, source: Source) -> Publication {
    let encodings = if section.rids.is_empty() {
        Encodings::Ssrcs(section.ssrcs.clone())
    } else {
        Encodings::Rids(section.rids.clone())
    };
    Publication {
        mid: section.mid.clone(),
        source,
        payloads: section.payloads.iter().map(|p| p.agreed).collect(),
        extensions: received_ids(&section.extensions),
        encodings,
    }
}

fn slot(section: &Section, pair: SlotPair) -> Slot {
    let repairs = section.payloads.iter().any(|p| p.agreed.rtx.is_some());
    Slot {
        mid: section.mid.clone(),
        video: section.is_video(),
        ssrc: pair.primary,
        rtx_ssrc: repairs.then_some(pair.rtx),
        payloads: section.payloads.iter().map(|p| p.agreed).collect(),
        extensions: sent_ids(&section.extensions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mids_that_change_with_each_offer_do_not_use_memory_without_end() {
        let mut ssrcs = SlotSsrcs::default();
        let first = ssrcs.pair("first", &[]);
        let given = (0..10_000).filter_map(|mid| ssrcs.pair(&mid.to_string(), &[]));
        assert_eq!(given.count(), SLOTS_EVER_MAX - 1);
        assert!(first.is_some());
        assert_eq!(ssrcs.pair("first", &[]), first, "what is there stays");
    }
}
