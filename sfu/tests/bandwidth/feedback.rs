//! Feedback that is written by the recorder is read back by the history.

use std::time::{Duration, Instant};

use bytes::Bytes;
use proptest::prelude::*;
use rtc_rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use rtc_shared::marshal::{Marshal, Unmarshal};
use sfu::bandwidth::{Outcome, PacketResult, SendHistory, TwccRecorder};

const MS: Duration = Duration::from_millis(1);

/// A sender and a receiver, and nothing between them.
struct Pair {
    now: Instant,
    history: SendHistory,
    recorder: TwccRecorder,
    results: Vec<PacketResult>,
    feedbacks: usize,
}

impl Pair {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            now,
            history: SendHistory::new(now),
            recorder: TwccRecorder::new(now),
            results: Vec::new(),
            feedbacks: 0,
        }
    }

    fn send(&mut self, after: Duration) -> u16 {
        self.now += after;
        self.history.on_packet_sent(1_000, None, self.now)
    }

    fn receive(&mut self, sequence: u16) {
        self.recorder.on_packet_received(sequence, self.now);
    }

    fn report(&mut self, after: Duration) {
        self.now += after;
        while let Some(feedback) = self.recorder.poll_feedback(1, 2, self.now) {
            self.feedbacks += 1;
            let feedback = over_the_wire(&feedback);
            self.history
                .on_feedback(&feedback, self.now, &mut self.results);
        }
    }

    fn delivered(&self) -> usize {
        let delivered = |r: &&PacketResult| matches!(r.outcome, Outcome::Delivered { .. });
        self.results.iter().filter(delivered).count()
    }

    fn lost(&self) -> usize {
        let lost = |r: &&PacketResult| r.outcome == Outcome::Lost;
        self.results.iter().filter(lost).count()
    }
}

fn over_the_wire(feedback: &TransportLayerCc) -> TransportLayerCc {
    let mut bytes: Bytes = feedback.marshal().expect("encodes").freeze();
    assert!(bytes.len() < 1_200, "{} bytes", bytes.len());
    TransportLayerCc::unmarshal(&mut bytes).expect("decodes")
}

#[test]
fn nothing_is_reported_before_it_is_due() {
    let mut pair = Pair::new();
    let sequence = pair.send(MS);
    assert_eq!(pair.recorder.poll_timeout(), None);
    pair.receive(sequence);
    let due = pair.recorder.poll_timeout().expect("something to report");
    pair.report(due - pair.now - MS);
    assert_eq!(pair.feedbacks, 0);
    pair.report(MS);
    assert_eq!((pair.feedbacks, pair.delivered()), (1, 1));
    assert_eq!(pair.recorder.poll_timeout(), None);
}

#[test]
fn each_packet_is_reported_once_over_the_wrap() {
    let mut pair = Pair::new();
    for _ in 0..70_000 {
        let sequence = pair.send(MS);
        pair.receive(sequence);
        pair.report(Duration::ZERO);
    }
    pair.report(100 * MS);
    assert_eq!((pair.delivered(), pair.lost()), (70_000, 0));
}

#[test]
fn lost_packets_are_reported_lost() {
    let mut pair = Pair::new();
    for index in 0..1_000 {
        let sequence = pair.send(MS);
        if index % 10 != 3 {
            pair.receive(sequence);
        }
        pair.report(Duration::ZERO);
    }
    pair.report(100 * MS);
    assert_eq!((pair.delivered(), pair.lost()), (900, 100));
}

#[test]
fn late_packet_is_reported_after_all() {
    let mut pair = Pair::new();
    let sent: Vec<u16> = (0..10).map(|_| pair.send(MS)).collect();
    for sequence in sent.iter().filter(|s| **s != 4) {
        pair.receive(*sequence);
    }
    pair.report(100 * MS);
    assert_eq!((pair.delivered(), pair.lost()), (9, 1));
    pair.receive(4);
    pair.report(100 * MS);
    let late = pair.results.last().map(|result| result.outcome);
    assert!(
        matches!(late, Some(Outcome::Delivered { late: true, .. })),
        "{late:?}"
    );
    assert_eq!(pair.delivered(), 10);
}

#[test]
fn arrival_times_survive_within_a_quarter_of_a_millisecond() {
    let mut pair = Pair::new();
    let mut arrivals = Vec::new();
    for index in 0..5_000u64 {
        let gap = Duration::from_micros(137 + (index * 7_919) % 40_000);
        let sequence = pair.send(gap);
        arrivals.push(pair.now);
        pair.receive(sequence);
        pair.report(Duration::ZERO);
    }
    pair.report(100 * MS);
    let times = pair.results.iter().map(|result| match result.outcome {
        Outcome::Delivered { at, .. } => at,
        Outcome::Lost => panic!("nothing was lost"),
    });
    let offsets = times
        .zip(&arrivals)
        .map(|(at, arrival)| at - (*arrival - arrivals[0]).as_micros() as i64);
    let (low, high) = offsets.fold((i64::MAX, i64::MIN), |(low, high), offset| {
        (low.min(offset), high.max(offset))
    });
    assert!(high - low <= 250, "times drift by {} µs", high - low);
}

#[test]
fn pause_longer_than_a_delta_is_bridged() {
    let mut pair = Pair::new();
    for _ in 0..5 {
        let sequence = pair.send(20_000 * MS);
        pair.receive(sequence);
    }
    pair.report(100 * MS);
    assert_eq!(pair.delivered(), 5);
    assert!(pair.feedbacks > 1);
}

#[test]
fn sender_that_begins_anew_is_followed() {
    let mut pair = Pair::new();
    for sequence in (60_000..60_100).chain(10_000..10_100) {
        pair.receive(sequence);
        pair.now += MS;
    }
    let mut reported = Vec::new();
    pair.now += 100 * MS;
    while let Some(feedback) = pair.recorder.poll_feedback(1, 2, pair.now) {
        reported.push(feedback.base_sequence_number);
    }
    assert!(
        reported.iter().any(|base| (10_000..10_100).contains(base)),
        "{reported:?}"
    );
}

#[test]
fn busy_publisher_is_reported_at_once() {
    let mut pair = Pair::new();
    for _ in 0..300 {
        let sequence = pair.send(Duration::from_micros(10));
        pair.receive(sequence);
        pair.report(Duration::ZERO);
    }
    assert!(pair.feedbacks > 0);
}

proptest! {
    #[test]
    fn any_arrivals_are_encoded(arrivals in prop::collection::vec((any::<u16>(), 0u64..100_000), 0..600)) {
        let mut pair = Pair::new();
        for (sequence, micros) in arrivals {
            pair.now += Duration::from_micros(micros);
            pair.receive(sequence);
            pair.report(Duration::ZERO);
        }
        pair.report(100 * MS);
    }

    #[test]
    fn near_arrivals_are_encoded(arrivals in prop::collection::vec((0u16..3_000, 0u64..20_000), 0..600)) {
        let mut pair = Pair::new();
        for (sequence, micros) in arrivals {
            pair.now += Duration::from_micros(micros);
            pair.receive(sequence.wrapping_sub(1_500));
            pair.report(Duration::ZERO);
        }
        pair.report(100 * MS);
    }
}
