//! How a slot sends packets again, and pads.

use std::time::{Duration, Instant};

use super::{
    super::{
        outlet::{Outlet, ResendLabel},
        resend::ResendBudget,
    },
    OutSlot, Tracks, layer_of,
};
use crate::Egress;

impl OutSlot {
    /// Sends again what the subscriber asked for, as far as it goes.
    pub(crate) fn resend<E: Egress>(
        &mut self,
        tracks: &Tracks,
        outlet: &mut Outlet<'_, E>,
        budget: &mut ResendBudget,
    ) {
        while let Some(index) = self.resends.pop() {
            if budget.is_spent() {
                self.resends.clear();
                return;
            }
            let bytes = self.resend_one(index, tracks, outlet);
            budget.spend(bytes.unwrap_or(0));
        }
    }

    fn resend_one<E: Egress>(
        &mut self,
        index: u64,
        tracks: &Tracks,
        outlet: &mut Outlet<'_, E>,
    ) -> Option<usize> {
        let (source, sequence) = self.rewriter.origin(index)?;
        let (track, layer) = layer_of(tracks, source)?;
        let packet = layer.cache.arrival(layer.cache.find(sequence)?)?;
        let format = self.format(track, packet.facts.payload_type)?;
        let place = self.rewriter.again(&packet, index)?;
        let again = self.next_resend(format.rtx?)?;
        Some(outlet.resend(self.label(), format, &packet, &place, again))
    }

    /// Sends a packet of padding. Returns its size, or nothing when no stream
    /// for it was agreed.
    pub(crate) fn pad<E: Egress>(&mut self, outlet: &mut Outlet<'_, E>) -> Option<usize> {
        let pt = self
            .agreed
            .payloads
            .iter()
            .find_map(|payload| payload.rtx)?;
        let again = self.next_resend(pt)?;
        let timestamp = self.rewriter.last_timestamp().unwrap_or(0);
        Some(outlet.pad(&self.agreed.extensions, again, timestamp))
    }

    fn next_resend(&mut self, pt: u8) -> Option<ResendLabel> {
        let ssrc = self.agreed.rtx_ssrc?;
        let index = self.next_resend;
        self.next_resend += 1;
        Some(ResendLabel { ssrc, pt, index })
    }

    /// Notes that the subscriber misses packets. Without an agreed stream of
    /// retransmissions none are sent again: under the number that they had,
    /// the cipher's nonce would be used twice.
    pub(crate) fn ask_again(
        &mut self,
        missing: impl Iterator<Item = u16>,
        pause: Duration,
        now: Instant,
    ) -> bool {
        if self.agreed.rtx_ssrc.is_none() {
            return false;
        }
        for sequence in missing {
            if let Some(index) = self.sent_index(sequence) {
                self.resends.ask(index, pause, now);
            }
        }
        true
    }

    /// The index below the next one that ends in these bits.
    fn sent_index(&self, sequence: u16) -> Option<u64> {
        let last = self.rewriter.next_index().checked_sub(1)?;
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
        let back = (last as u16).wrapping_sub(sequence);
        last.checked_sub(u64::from(back))
    }
}
