//! In which order people's tiles stand: calm, but nobody speaks unseen.
//!
//! Newcomers go to the end. Whoever speaks on a later page changes places with
//! the one of the first page who has been silent longest; nobody else moves.

use std::collections::{HashMap, HashSet};

use protocol::PeerId;

/// The order of the tiles, carried from one change to the next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Order {
    peers: Vec<PeerId>,
    /// When each one spoke last, counted in changes.
    spoke: HashMap<PeerId, u64>,
    now: u64,
}

/// What an order is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attendance<'a> {
    /// Everybody, in the order of joining.
    pub(crate) present: &'a [PeerId],
    /// The participant, who keeps the first place.
    pub(crate) me: Option<&'a PeerId>,
    /// Who speaks now.
    pub(crate) speakers: &'a [PeerId],
    /// How many tiles the first page takes.
    pub(crate) first_page: usize,
}

impl Order {
    /// The order after a change.
    pub(crate) fn next(&self, attendance: Attendance<'_>) -> Self {
        let present: HashSet<&PeerId> = attendance.present.iter().collect();
        let mut next = Self {
            peers: self.kept(attendance, &present),
            spoke: self.spoke.clone(),
            now: self.now + 1,
        };
        next.spoke.retain(|peer, _| present.contains(peer));
        for speaker in attendance.speakers {
            if present.contains(speaker) {
                next.spoke.insert(speaker.clone(), next.now);
            }
        }
        next.promote(attendance);
        next
    }

    /// The peers in their order.
    pub(crate) fn peers(&self) -> &[PeerId] {
        &self.peers
    }

    /// Those who stay where they were, newcomers behind them, oneself first.
    fn kept(&self, attendance: Attendance<'_>, present: &HashSet<&PeerId>) -> Vec<PeerId> {
        let known: HashSet<&PeerId> = self.peers.iter().collect();
        let stayed = self.peers.iter().filter(|p| present.contains(p));
        let came = attendance.present.iter().filter(|p| !known.contains(p));
        let others = stayed
            .chain(came)
            .filter(|p| Some(*p) != attendance.me)
            .cloned();
        let me = attendance.me.filter(|me| present.contains(me)).cloned();
        me.into_iter().chain(others).collect()
    }

    fn promote(&mut self, attendance: Attendance<'_>) {
        for speaker in attendance.speakers {
            let Some(at) = self.peers.iter().position(|p| p == speaker) else {
                continue;
            };
            if at < attendance.first_page {
                continue;
            }
            if let Some(seat) = self.longest_silent(attendance) {
                self.peers.swap(at, seat);
            }
        }
    }

    /// The place on the first page whose owner may go: not oneself, not a speaker.
    fn longest_silent(&self, attendance: Attendance<'_>) -> Option<usize> {
        let first_page = attendance.first_page.min(self.peers.len());
        (0..first_page)
            .filter(|i| Some(&self.peers[*i]) != attendance.me)
            .filter(|i| !attendance.speakers.contains(&self.peers[*i]))
            // of those who never spoke, the last one goes
            .min_by_key(|i| {
                let spoke = self.spoke.get(&self.peers[*i]).copied().unwrap_or(0);
                (spoke, std::cmp::Reverse(*i))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(names: &str) -> Vec<PeerId> {
        names
            .split_whitespace()
            .map(|name| PeerId::parse(name).unwrap())
            .collect()
    }

    fn step(order: &Order, present: &str, speakers: &str) -> Order {
        let (present, speakers) = (peers(present), peers(speakers));
        order.next(Attendance {
            present: &present,
            me: present.iter().find(|p| p.as_str() == "me"),
            speakers: &speakers,
            first_page: 3,
        })
    }

    #[test]
    fn newcomers_go_to_the_end_and_oneself_comes_first() {
        let order = step(&Order::default(), "a me", "");
        let order = step(&order, "a me b", "");
        assert_eq!(order.peers(), peers("me a b"));
    }

    #[test]
    fn a_speaker_in_sight_moves_nobody() {
        let order = step(&Order::default(), "me a b c d", "b");
        assert_eq!(order.peers(), peers("me a b c d"));
    }

    #[test]
    fn a_speaker_out_of_sight_takes_the_place_of_the_longest_silent() {
        let order = step(&Order::default(), "me a b c d", "b");
        let order = step(&order, "me a b c d", "d");
        assert_eq!(order.peers(), peers("me d b c a"));
        let order = step(&order, "me a b c d", "c");
        assert_eq!(order.peers(), peers("me d c b a"));
    }

    #[test]
    fn when_everybody_in_sight_speaks_all_stay() {
        let order = step(&Order::default(), "me a b c", "a b c");
        assert_eq!(order.peers(), peers("me a b c"));
    }

    #[test]
    fn those_who_left_are_forgotten() {
        let order = step(&Order::default(), "me a b", "a");
        let order = step(&order, "me b", "");
        assert_eq!(order.peers(), peers("me b"));
        assert!(order.spoke.is_empty());
    }
}
