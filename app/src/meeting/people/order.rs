//! In which order people are listed.

use std::{cmp::Reverse, collections::HashMap};

use protocol::PeerId;

/// What the order depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// Since when the hand is raised.
    pub(super) hand: Option<u64>,
    /// They lead the meeting.
    pub(super) leads: bool,
    /// When they joined.
    pub(super) joined_at: u64,
}

/// Raised hands first, the oldest on top; then moderators; then who came first.
/// Gives indices among the facts.
pub(super) fn order(facts: &[Facts]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..facts.len()).collect();
    order.sort_by_key(|&of| {
        let Facts {
            hand,
            leads,
            joined_at,
        } = facts[of];
        (hand.is_none(), hand, Reverse(leads), joined_at, of)
    });
    order
}

/// Which raised hand is whose, from 1, by the time it was raised.
pub(super) type Hands = HashMap<PeerId, usize>;

/// Numbers the hands of all, on stage or not: there is one row of them.
pub(super) fn numbered(mut hands: Vec<(u64, PeerId)>) -> Hands {
    hands.sort_unstable();
    let numbered = (1..).zip(hands);
    numbered.map(|(number, (_, peer))| (peer, number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(joined_at: u64) -> Facts {
        Facts {
            hand: None,
            leads: false,
            joined_at,
        }
    }

    #[test]
    fn hands_come_first_by_time_then_moderators_then_who_came_first() {
        let raised = |joined_at, hand| Facts {
            hand: Some(hand),
            ..guest(joined_at)
        };
        let leads = Facts {
            leads: true,
            ..guest(3)
        };
        let facts = [guest(1), raised(2, 90), leads, raised(4, 70), guest(5)];
        assert_eq!(order(&facts), [3, 1, 2, 0, 4]);
    }

    #[test]
    fn hands_are_numbered_by_the_time_they_were_raised() {
        let peer = |id| PeerId::parse(id).unwrap();
        let hands = numbered(vec![(9, peer("a")), (5, peer("b")), (9, peer("0"))]);
        let number = |id| hands.get(&peer(id)).copied();
        assert_eq!(
            ["b", "0", "a", "c"].map(number),
            [Some(1), Some(2), Some(3), None]
        );
    }

    #[test]
    fn those_who_came_at_the_same_moment_keep_their_order() {
        assert_eq!(order(&[guest(1), guest(1), guest(1)]), [0, 1, 2]);
    }
}
