//! The offers of one participant: answered one after the other, in order, while
//! the room goes on.

use std::collections::VecDeque;

use protocol::Offer;

use super::SessionId;

/// An offer and whom to tell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PendingOffer {
    pub(super) session: SessionId,
    pub(super) re: u32,
    pub(super) offer: Offer,
}

/// The first one is with the media plane, the others wait.
#[derive(Debug, Default)]
pub(super) struct Offers(VecDeque<PendingOffer>);

/// Too many offers wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMany;

impl Offers {
    /// Adds an offer; gives it back when it is its turn at once.
    pub(super) fn push(
        &mut self,
        offer: PendingOffer,
        limit: usize,
    ) -> Result<Option<Offer>, TooMany> {
        if self.0.len() >= limit {
            return Err(TooMany);
        }
        self.0.push_back(offer);
        Ok((self.0.len() == 1).then(|| self.0[0].offer.clone()))
    }

    /// Takes the offer that was answered.
    pub(super) fn done(&mut self) -> Option<PendingOffer> {
        self.0.pop_front()
    }

    /// The offer whose turn it is.
    pub(super) fn current(&self) -> Option<&Offer> {
        self.0.front().map(|pending| &pending.offer)
    }
}
