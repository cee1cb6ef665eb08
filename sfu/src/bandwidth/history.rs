//! What was sent to one subscriber, and what became of it.
//!
//! Owns the transport-wide sequence numbers of the egress and the reading of
//! the subscriber's feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).
//! What the results mean for the bandwidth is the estimator's matter.

use std::time::{Duration, Instant};

use rtc_rtcp::transport_feedbacks::transport_layer_cc::{
    PacketStatusChunk, SymbolTypeTcc, TransportLayerCc,
};

use super::prober::ClusterId;

/// Packets that are remembered: about a second at the highest bitrate, for
/// 16 KB per subscriber. Feedback for older packets is ignored.
const CAPACITY: u64 = 2_048;

/// Unit of the feedback's reference time.
const REFERENCE_UNIT_US: i64 = 64_000;

/// What became of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketResult {
    /// Bytes of the packet, from its RTP header on.
    pub size: u16,
    /// The probe that the packet belongs to.
    pub cluster: Option<ClusterId>,
    /// When it was sent, in our clock since the history began.
    pub sent: Duration,
    /// Whether it arrived.
    pub outcome: Outcome,
}

/// Whether a packet arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived, at this moment of the receiver's clock in microseconds.
    /// Only differences of such moments have a meaning.
    Delivered {
        /// The receiver's clock in microseconds.
        at: i64,
        /// An earlier feedback had reported it lost.
        late: bool,
    },
    /// It had not arrived when the feedback was written.
    Lost,
}

/// A ring of the packets sent to one subscriber.
#[derive(Debug)]
pub struct SendHistory {
    epoch: Instant,
    next: u64,
    ring: Box<[Sent]>,
    remote: RemoteClock,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sent {
    /// Microseconds since the epoch, modulo 2^32.
    at: u32,
    size: u16,
    cluster: Option<ClusterId>,
    state: State,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Pending,
    Lost,
    Delivered,
}

impl SendHistory {
    /// An empty history that begins now.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            epoch: now,
            next: 0,
            ring: vec![Sent::default(); CAPACITY as usize].into_boxed_slice(),
            remote: RemoteClock::default(),
        }
    }

    /// Notes a packet and returns the transport-wide sequence number to write
    /// into its header extension.
    pub fn on_packet_sent(&mut self, size: usize, cluster: Option<ClusterId>, now: Instant) -> u16 {
        let sequence = self.next;
        self.ring[(sequence % CAPACITY) as usize] = Sent {
            at: self.micros(now) as u32,
            size: u16::try_from(size).unwrap_or(u16::MAX),
            cluster,
            state: State::Pending,
        };
        self.next += 1;
        sequence as u16
    }

    /// Reads a feedback and appends the result of each packet it tells
    /// something new about, in sending order. Packets that are unknown, too
    /// old or already reported are passed over.
    pub fn on_feedback(
        &mut self,
        feedback: &TransportLayerCc,
        now: Instant,
        results: &mut Vec<PacketResult>,
    ) {
        let now = self.micros(now);
        let mut arrival = self.remote.unwrap(feedback.reference_time);
        let mut deltas = feedback.recv_deltas.iter();
        let Some(first) = self.unwrap(feedback.base_sequence_number) else {
            return;
        };
        let statuses = statuses(feedback).take(usize::from(feedback.packet_status_count));
        for (sequence, symbol) in (first..self.next).zip(statuses) {
            let at = match symbol {
                SymbolTypeTcc::PacketNotReceived => None,
                SymbolTypeTcc::PacketReceivedWithoutDelta => continue,
                _ => {
                    let Some(delta) = deltas.next() else { return };
                    arrival += delta.delta;
                    Some(arrival)
                }
            };
            results.extend(self.settle(sequence, at, now));
        }
    }

    fn settle(&mut self, sequence: u64, at: Option<i64>, now: i64) -> Option<PacketResult> {
        if self.next - sequence > CAPACITY {
            return None;
        }
        let sent = &mut self.ring[(sequence % CAPACITY) as usize];
        let outcome = match (sent.state, at) {
            (State::Delivered, _) | (State::Lost, None) => return None,
            (State::Pending, None) => {
                sent.state = State::Lost;
                Outcome::Lost
            }
            (before, Some(at)) => {
                sent.state = State::Delivered;
                let late = before == State::Lost;
                Outcome::Delivered { at, late }
            }
        };
        let age = (now as u32).wrapping_sub(sent.at);
        let sent_at = u64::try_from(now).unwrap_or(0).saturating_sub(age.into());
        Some(PacketResult {
            size: sent.size,
            cluster: sent.cluster,
            sent: Duration::from_micros(sent_at),
            outcome,
        })
    }

    /// The newest sent packet whose number ends in these 16 bits.
    fn unwrap(&self, sequence: u16) -> Option<u64> {
        let newest = self.next.checked_sub(1)?;
        newest.checked_sub((newest as u16).wrapping_sub(sequence).into())
    }

    fn micros(&self, now: Instant) -> i64 {
        let elapsed = now.saturating_duration_since(self.epoch);
        i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX)
    }
}

/// The receiver's clock, unwrapped from the 24 bits that the feedback carries.
#[derive(Debug, Default)]
struct RemoteClock {
    last: Option<(u32, i64)>,
}

impl RemoteClock {
    fn unwrap(&mut self, reference: u32) -> i64 {
        let time = match self.last {
            None => 0,
            Some((last, time)) => {
                let steps = (reference.wrapping_sub(last) << 8) as i32 >> 8;
                time + i64::from(steps) * REFERENCE_UNIT_US
            }
        };
        self.last = Some((reference, time));
        time
    }
}

fn statuses(feedback: &TransportLayerCc) -> impl Iterator<Item = SymbolTypeTcc> {
    feedback.packet_chunks.iter().flat_map(|chunk| {
        let (run, list): (_, &[SymbolTypeTcc]) = match chunk {
            PacketStatusChunk::RunLengthChunk(run) => {
                (Some((run.packet_status_symbol, run.run_length)), &[])
            }
            PacketStatusChunk::StatusVectorChunk(vector) => (None, &vector.symbol_list),
        };
        let run = run.map(|(symbol, count)| std::iter::repeat_n(symbol, count.into()));
        run.into_iter().flatten().chain(list.iter().copied())
    })
}
