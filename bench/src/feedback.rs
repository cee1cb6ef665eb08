//! Owns what receivers answer: transport-wide congestion control feedback
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1).

use std::time::{Duration, Instant};

/// Ticks of the arrival times.
const TICK: Duration = Duration::from_micros(250);
/// Most packets that one feedback tells of; later ones come with the next.
const MOST: usize = 512;

/// Arrivals that were not told yet.
#[derive(Debug)]
pub struct Arrivals {
    origin: Instant,
    /// The sequence number after the last one that was told.
    next: Option<u16>,
    arrivals: Vec<(u16, Instant)>,
    count: u8,
}

impl Arrivals {
    /// Nothing has arrived yet.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            origin: now,
            next: None,
            arrivals: Vec::with_capacity(MOST),
            count: 0,
        }
    }

    /// Notes a packet by its transport-wide sequence number. Packets beyond
    /// what one feedback holds are not noted, as if they were lost.
    pub fn note(&mut self, sequence: u16, now: Instant) {
        let next = *self.next.get_or_insert(sequence);
        let ahead = usize::from(sequence.wrapping_sub(next));
        if ahead < MOST && self.arrivals.len() < MOST {
            self.arrivals.push((sequence, now));
        } else if ahead < 0x8000 {
            self.next = None;
            self.arrivals.clear();
        }
    }

    /// Writes a feedback packet about all that was noted; `false` if there is
    /// nothing to tell.
    pub fn write(&mut self, sender: u32, media: u32, packet: &mut Vec<u8>) -> bool {
        let (Some(base), false) = (self.next, self.arrivals.is_empty()) else {
            return false;
        };
        self.arrivals
            .sort_by_key(|(sequence, _)| sequence.wrapping_sub(base));
        self.arrivals.dedup_by_key(|(sequence, _)| *sequence);
        let last = self.arrivals.last().map_or(base, |(sequence, _)| *sequence);
        let count = last.wrapping_sub(base).wrapping_add(1);
        packet.clear();
        packet.extend([0x8f, 205, 0, 0]);
        packet.extend(sender.to_be_bytes());
        packet.extend(media.to_be_bytes());
        packet.extend(base.to_be_bytes());
        packet.extend(count.to_be_bytes());
        self.write_arrivals(base, count, packet);
        pad(packet);
        self.next = Some(last.wrapping_add(1));
        self.arrivals.clear();
        self.count = self.count.wrapping_add(1);
        true
    }

    /// Reference time, count, status chunks and deltas.
    fn write_arrivals(&self, base: u16, count: u16, packet: &mut Vec<u8>) {
        let reference = self.reference();
        packet.extend(&((reference / 256) as u32).to_be_bytes()[1..]);
        packet.push(self.count);
        let mut symbols = [0_u8; MOST + 7];
        let mut deltas: Vec<u8> = Vec::with_capacity(self.arrivals.len() * 2);
        let mut before = reference / 256 * 256;
        for (sequence, at) in &self.arrivals {
            let tick = self.tick(*at);
            let delta = tick - before;
            before = tick;
            let symbol = &mut symbols[usize::from(sequence.wrapping_sub(base))];
            match u8::try_from(delta) {
                Ok(small) => {
                    *symbol = 1;
                    deltas.push(small);
                }
                Err(_) => {
                    *symbol = 2;
                    let large = delta.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
                    deltas.extend(large.to_be_bytes());
                }
            }
        }
        for seven in symbols[..usize::from(count).next_multiple_of(7)].chunks_exact(7) {
            let chunk = seven.iter().fold(0b11, |bits, s| bits << 2 | u16::from(*s));
            packet.extend(chunk.to_be_bytes());
        }
        packet.extend(deltas);
    }

    fn reference(&self) -> i64 {
        self.arrivals.first().map_or(0, |(_, at)| self.tick(*at))
    }

    fn tick(&self, at: Instant) -> i64 {
        let since = at.saturating_duration_since(self.origin);
        (since.as_micros() / TICK.as_micros()) as i64
    }
}

/// Fills the last word up, as padding (RFC 3550 §6.4.1), and sets the length.
fn pad(packet: &mut Vec<u8>) {
    let missing = packet.len().next_multiple_of(4) - packet.len();
    if missing > 0 {
        packet[0] |= 0x20;
        packet.extend([0, 0, 0, missing as u8].iter().skip(4 - missing));
    }
    let words = (packet.len() / 4 - 1) as u16;
    packet[2..4].copy_from_slice(&words.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use rtc_rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
    use rtc_shared::marshal::Unmarshal;

    use super::*;

    fn read(packet: &[u8]) -> TransportLayerCc {
        TransportLayerCc::unmarshal(&mut &*packet).unwrap()
    }

    #[test]
    fn feedback_tells_arrivals_and_gaps() {
        let start = Instant::now();
        let mut arrivals = Arrivals::new(start);
        for (sequence, millis) in [(65_534, 64), (65_535, 65), (1, 70), (2, 200)] {
            arrivals.note(sequence, start + Duration::from_millis(millis));
        }
        let mut packet = Vec::new();
        assert!(arrivals.write(1, 2, &mut packet));
        let feedback = read(&packet);
        assert_eq!(feedback.base_sequence_number, 65_534);
        assert_eq!(feedback.packet_status_count, 5);
        assert_eq!(feedback.reference_time, 1);
        let deltas: Vec<i64> = feedback.recv_deltas.iter().map(|d| d.delta).collect();
        assert_eq!(deltas, [0, 1_000, 5_000, 130_000]);
    }

    #[test]
    fn the_next_feedback_goes_on_where_the_last_one_ended() {
        let start = Instant::now();
        let mut arrivals = Arrivals::new(start);
        let mut packet = Vec::new();
        arrivals.note(10, start);
        assert!(arrivals.write(1, 2, &mut packet));
        assert!(!arrivals.write(1, 2, &mut packet));
        arrivals.note(13, start);
        assert!(arrivals.write(1, 2, &mut packet));
        let feedback = read(&packet);
        assert_eq!(feedback.base_sequence_number, 11);
        assert_eq!(feedback.packet_status_count, 3);
        assert_eq!(feedback.fb_pkt_count, 1);
    }
}
