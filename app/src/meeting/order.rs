//! In which order people's tiles stand: calm, but nobody speaks unseen.
//!
//! Newcomers go to the end. Whoever speaks on a later page changes places with
//! the one of the first page who has been silent longest; nobody else moves.
//!
//! Where cameras come first, the tiles are put in order again when a camera
//! goes on or off, and at no other time.

use std::collections::{HashMap, HashSet};

use protocol::PeerId;

/// The order of the tiles, carried from one change to the next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Order {
    peers: Vec<PeerId>,
    /// When each one spoke last, counted in changes.
    spoke: HashMap<PeerId, u64>,
    /// Whose camera was on when cameras were put first.
    cameras: HashSet<PeerId>,
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
    /// Whose camera is on, where cameras come first.
    pub(crate) cameras_first: Option<&'a HashSet<PeerId>>,
}

impl Order {
    /// The order after a change.
    pub(crate) fn next(&self, attendance: Attendance<'_>) -> Self {
        let present: HashSet<&PeerId> = attendance.present.iter().collect();
        let mut next = Self {
            peers: self.kept(attendance, &present),
            spoke: self.spoke.clone(),
            cameras: attendance.cameras_first.cloned().unwrap_or_default(),
            now: self.now + 1,
        };
        next.put_cameras_first(self, attendance);
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

    /// Those who stay where they were, newcomers behind them, oneself first;
    /// where cameras come first, oneself only at the start.
    fn kept(&self, attendance: Attendance<'_>, present: &HashSet<&PeerId>) -> Vec<PeerId> {
        let known: HashSet<&PeerId> = self.peers.iter().collect();
        let stayed = self.peers.iter().filter(|p| present.contains(p));
        let came = attendance.present.iter().filter(|p| !known.contains(p));
        let first = attendance
            .me
            .filter(|me| present.contains(me))
            .filter(|me| attendance.cameras_first.is_none() || !known.contains(me));
        let others = stayed.chain(came).filter(|p| Some(*p) != first);
        first.into_iter().chain(others).cloned().collect()
    }

    /// Those with cameras before those without, both in the order that they had.
    fn put_cameras_first(&mut self, before: &Self, attendance: Attendance<'_>) {
        let Some(cameras) = attendance.cameras_first else {
            return;
        };
        let same_people = self.peers.len() == before.peers.len();
        if before.cameras != *cameras || !same_people {
            self.peers.sort_by_key(|peer| !cameras.contains(peer));
        }
    }

    fn promote(&mut self, attendance: Attendance<'_>) {
        for speaker in attendance.speakers {
            let Some(at) = self.peers.iter().position(|p| p == speaker) else {
                continue;
            };
            // oneself speaks wherever one's tile is
            if at < attendance.first_page || Some(speaker) == attendance.me {
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
                let peer = &self.peers[*i];
                let spoke = self.spoke.get(peer).copied().unwrap_or(0);
                (self.cameras.contains(peer), spoke, std::cmp::Reverse(*i))
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
            cameras_first: None,
        })
    }

    /// The same where cameras come first, and `cameras` are on.
    fn sorted(order: &Order, present: &str, cameras: &str, speakers: &str) -> Order {
        let (present, speakers) = (peers(present), peers(speakers));
        let cameras: HashSet<PeerId> = peers(cameras).into_iter().collect();
        order.next(Attendance {
            present: &present,
            me: present.iter().find(|p| p.as_str() == "me"),
            speakers: &speakers,
            first_page: 3,
            cameras_first: Some(&cameras),
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

    // proves attr.sortPeers
    #[test]
    fn who_switches_a_camera_on_comes_before_those_without() {
        let order = sorted(&Order::default(), "me a b c", "a", "");
        assert_eq!(order.peers(), peers("a me b c"));
        let order = sorted(&order, "me a b c", "a c", "");
        assert_eq!(order.peers(), peers("a c me b"));
        let order = sorted(&order, "me a b c", "c", "");
        assert_eq!(order.peers(), peers("c a me b"));
    }

    #[test]
    fn sorted_tiles_move_for_cameras_and_not_because_somebody_fell_silent() {
        let order = sorted(&Order::default(), "me a b c d", "a b", "");
        let order = sorted(&order, "me a b c d", "a b", "d");
        assert_eq!(order.peers(), peers("a d me c b"));
        let silent = sorted(&order, "me a b c d", "a b", "");
        assert_eq!(silent.peers(), order.peers());
    }

    #[test]
    fn those_who_left_are_forgotten() {
        let order = step(&Order::default(), "me a b", "a");
        let order = step(&order, "me b", "");
        assert_eq!(order.peers(), peers("me b"));
        assert!(order.spoke.is_empty());
    }
}
