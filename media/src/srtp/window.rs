//! Replay protection and packet indices of received streams
//! (RFC 3711 §3.3.1 and §3.3.2).

use ahash::AHashMap;

/// How many packets behind the newest one may still be accepted. More costs
/// an eighth of a byte per stream and packet.
const WINDOW: u64 = 1_024;

/// The most SSRCs of which one transport keeps state. A browser uses about a
/// dozen; beyond this the one that was silent for longest is forgotten.
const MAX_STREAMS: usize = 256;

/// The packets of one stream that were accepted lately.
#[derive(Debug, Clone)]
pub(super) struct Window {
    /// The highest index that was accepted, if any was.
    newest: Option<u64>,
    /// A ring of bits by index: whether it was accepted.
    seen: [u64; (WINDOW / 64) as usize],
    /// When the stream was last used, in packets of the transport.
    used: u64,
}

impl Window {
    fn new() -> Self {
        Self {
            newest: None,
            seen: [0; (WINDOW / 64) as usize],
            used: 0,
        }
    }

    /// The 48-bit index that a 16-bit sequence number most likely stands for.
    fn guess(&self, sequence: u16) -> u64 {
        let Some(newest) = self.newest else {
            return u64::from(sequence);
        };
        let difference = sequence.wrapping_sub(newest as u16) as i16;
        newest
            .checked_add_signed(i64::from(difference))
            .unwrap_or_else(|| u64::from(sequence))
    }

    fn is_fresh(&self, index: u64) -> bool {
        let Some(newest) = self.newest else {
            return true;
        };
        index > newest || (newest - index < WINDOW && !self.is_seen(index))
    }

    fn is_seen(&self, index: u64) -> bool {
        let (word, bit) = place(index);
        self.seen[word] & bit != 0
    }

    fn accept(&mut self, index: u64) {
        match self.newest {
            Some(newest) if index <= newest => {}
            Some(newest) if index - newest < WINDOW => {
                for skipped in newest + 1..index {
                    let (word, bit) = place(skipped);
                    self.seen[word] &= !bit;
                }
                self.newest = Some(index);
            }
            _ => {
                self.seen = [0; (WINDOW / 64) as usize];
                self.newest = Some(index);
            }
        }
        let (word, bit) = place(index);
        self.seen[word] |= bit;
    }
}

fn place(index: u64) -> (usize, u64) {
    let bit = index % WINDOW;
    ((bit / 64) as usize, 1 << (bit % 64))
}

/// The windows of all streams of a transport.
#[derive(Debug, Default)]
pub(super) struct Windows {
    streams: AHashMap<u32, Window>,
    clock: u64,
}

impl Windows {
    /// The index of an RTP packet, or nothing if it was accepted before or is
    /// too old. State changes only with [`Windows::accept`], after the packet
    /// proved authentic.
    pub(super) fn index(&self, ssrc: u32, sequence: u16) -> Option<u64> {
        let Some(window) = self.streams.get(&ssrc) else {
            return Some(u64::from(sequence));
        };
        let index = window.guess(sequence);
        window.is_fresh(index).then_some(index)
    }

    /// Whether an explicit index (SRTCP) may be accepted.
    pub(super) fn is_fresh(&self, ssrc: u32, index: u64) -> bool {
        self.streams
            .get(&ssrc)
            .is_none_or(|window| window.is_fresh(index))
    }

    /// Remembers an authentic packet.
    pub(super) fn accept(&mut self, ssrc: u32, index: u64) {
        self.clock += 1;
        if self.streams.len() >= MAX_STREAMS && !self.streams.contains_key(&ssrc) {
            self.forget_oldest();
        }
        let window = self.streams.entry(ssrc).or_insert_with(Window::new);
        window.used = self.clock;
        window.accept(index);
    }

    fn forget_oldest(&mut self) {
        let oldest = self.streams.iter().min_by_key(|(_, window)| window.used);
        if let Some(ssrc) = oldest.map(|(ssrc, _)| *ssrc) {
            self.streams.remove(&ssrc);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_accepted_once() {
        let mut windows = Windows::default();
        windows.accept(1, 100);
        assert_eq!(windows.index(1, 100), None);
        assert_eq!(windows.index(1, 99), Some(99));
        windows.accept(1, 99);
        assert_eq!(windows.index(1, 99), None);
        assert_eq!(windows.index(2, 99), Some(99));
    }

    #[test]
    fn indices_go_on_where_sequence_numbers_wrap() {
        let mut windows = Windows::default();
        windows.accept(1, 65_534);
        assert_eq!(windows.index(1, 1), Some(65_537));
        windows.accept(1, 65_537);
        assert_eq!(windows.index(1, 65_535), Some(65_535));
        assert_eq!(windows.index(1, 0), Some(65_536));
    }

    #[test]
    fn a_jump_forgets_what_lies_between() {
        let mut windows = Windows::default();
        for index in 0..WINDOW {
            windows.accept(1, index);
        }
        windows.accept(1, WINDOW + 500);
        assert_eq!(windows.index(1, (WINDOW + 499) as u16), Some(WINDOW + 499));
        assert_eq!(windows.index(1, (WINDOW - 1) as u16), None);
        assert_eq!(windows.index(1, 400), None, "too old");
        windows.accept(1, 10 * WINDOW);
        assert_eq!(
            windows.index(1, (10 * WINDOW - 1) as u16),
            Some(10 * WINDOW - 1)
        );
    }

    #[test]
    fn streams_are_bounded() {
        let mut windows = Windows::default();
        for ssrc in 0..10_000 {
            windows.accept(ssrc, 7);
        }
        assert_eq!(windows.streams.len(), MAX_STREAMS);
        assert_eq!(windows.index(9_999, 7), None);
    }
}
