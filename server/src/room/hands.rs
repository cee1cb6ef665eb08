//! Raised hands. Each has a time of its own, so that their order is never in
//! doubt.

use protocol::{PeerId, RoomEvent};

use super::{Audience, Effect, RoomState, journal, requests::Asker};
use crate::{
    clock::Now,
    policy::{Action, may},
};

impl RoomState {
    /// Somebody raises their hand or lowers it.
    pub(super) fn set_hand(&mut self, asker: Asker<'_>, raised: bool, now: Now) -> Vec<Effect> {
        let Some(seat) = self.seats.get(asker.peer) else {
            return Vec::new();
        };
        let action = if raised {
            Action::RaiseHand
        } else {
            Action::LowerHand
        };
        if let Err(denied) = may(&seat.actor(), action) {
            return vec![asker.denied(denied)];
        }
        let is_up = seat.participant.hand_raised_at.is_some();
        let mut effects = Vec::new();
        if raised && !is_up {
            self.last_hand = now.unix.get().max(self.last_hand + 1);
            effects.extend(self.hand_changed(asker.peer, Some(self.last_hand)));
        } else if !raised && is_up {
            effects.extend(self.hand_changed(asker.peer, None));
        }
        effects.push(asker.ok());
        effects
    }

    /// A moderator lowers somebody's hand.
    pub(super) fn lower_hand(&mut self, peer: &PeerId) -> Vec<Effect> {
        let seat = self.seats.get(peer);
        if seat.is_none_or(|seat| seat.participant.hand_raised_at.is_none()) {
            return Vec::new();
        }
        let mut effects = self.hand_changed(peer, None);
        // others learn it by the event; a viewer is in nobody's events
        if self.seats.get(peer).is_some_and(|seat| !seat.is_on_stage()) {
            effects.extend(self.tell_you(peer));
        }
        effects
    }

    /// A moderator lowers all hands, in the order in which they were raised.
    pub(super) fn lower_hands(&mut self) -> Vec<Effect> {
        let raised = self.seats.values().filter_map(|seat| {
            let at = seat.participant.hand_raised_at?;
            Some((at, seat.peer().clone()))
        });
        let mut raised: Vec<(u64, PeerId)> = raised.collect();
        raised.sort_unstable();
        let mut effects = Vec::new();
        for (_, peer) in raised {
            effects.extend(self.lower_hand(&peer));
        }
        effects
    }

    fn hand_changed(&mut self, peer: &PeerId, raised_at: Option<u64>) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        seat.participant.hand_raised_at = raised_at;
        let noticed = journal::hand(seat);
        if !seat.is_on_stage() {
            self.desk.viewer_changed(peer);
            return vec![noticed];
        }
        let peer = peer.clone();
        let event = RoomEvent::HandChanged { peer, raised_at };
        vec![self.event(event, Audience::All), noticed]
    }
}
