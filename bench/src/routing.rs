//! Measures `sfu` alone: choosing, rewriting and handing out packets, without
//! keys and sockets.

use std::time::{Duration, Instant};

use anyhow::Result;
use protocol::{MediaState, Source};
use serde::Serialize;
use sfu::{
    Bitrate, Codec, Egress, Encodings, ExtensionIds, Negotiated, PayloadType, PeerKey, Publication,
    Room, RoomConfig, Slot, SsrcPair, Tile, TrackKey, View, rtp::Header,
};

use crate::{
    allocations, cpu,
    feedback::Arrivals,
    figures, output,
    table::{Table, thousands},
    traffic::{self, Video},
};

/// How often a receiver gives feedback; browsers do every 50 to 250 ms.
const FEEDBACK: Duration = Duration::from_millis(100);
const PUBLISHER: PeerKey = PeerKey(0);
const PUBLISHED: u32 = 77;

/// The cost of routing for one number of subscribers.
#[derive(Debug, Clone, Serialize)]
pub struct Routing {
    /// Who gets the video.
    pub subscribers: usize,
    /// Whether the subscribers negotiated congestion control and give feedback.
    pub feedback: bool,
    /// Packets that were handed out.
    pub packets: u64,
    /// Processor time per packet handed out: nanoseconds.
    pub nanos: f64,
    /// Packets per second that one core can hand out.
    pub per_core: f64,
    /// Allocations per packet handed out, those included that time asks for:
    /// choosing layers, reports, reading feedback.
    pub allocations: f64,
    /// Allocations for each further packet, when the publisher sends four times
    /// as many.
    pub per_further_packet: f64,
}

/// The publisher sends so many times 1.2 Mbit/s to tell what is allocated per
/// packet from what is allocated as time passes.
const MULTIPLE: u64 = 4;

/// Measures and prints the table.
///
/// # Errors
/// When the results cannot be written.
pub fn run(subscribers: &[usize], time: Duration) -> Result<()> {
    let mut table = Table::new(
        "Routing: sfu alone, one publisher of 1.2 Mbit/s, no keys, no sockets",
        &[
            "subscribers",
            "feedback",
            "ns/packet",
            "packets/s/core",
            "allocations/packet",
            "/further packet",
        ],
    );
    let mut rows = Vec::new();
    cpu::pin_current(cpu::SERVER_CORE)?;
    for &subscribers in subscribers {
        for feedback in [Feedback::TransportWide, Feedback::None] {
            let routing = measure(subscribers, feedback, time);
            table.row([
                routing.subscribers.to_string(),
                if routing.feedback { "yes" } else { "no" }.to_owned(),
                format!("{:.0}", routing.nanos),
                thousands(routing.per_core),
                format!("{:.4}", routing.allocations),
                format!("{:.4}", routing.per_further_packet),
            ]);
            rows.push(routing);
        }
    }
    cpu::unpin_current()?;
    output::publish("routing", &table, &rows)
}

fn measure(subscribers: usize, feedback: Feedback, time: Duration) -> Routing {
    let run = Meeting::new(subscribers, feedback, 1).run(time);
    let dense = Meeting::new(subscribers, feedback, MULTIPLE).run(time);
    let further = dense.per_frame(dense.packets) - run.per_frame(run.packets);
    let allocated = dense.per_frame(dense.allocations) - run.per_frame(run.allocations);
    Routing {
        subscribers,
        feedback: feedback == Feedback::TransportWide,
        packets: run.packets,
        nanos: figures::nanos_each(run.spent, run.packets),
        per_core: figures::per_second(run.packets, run.spent),
        allocations: run.allocations as f64 / run.packets.max(1) as f64,
        per_further_packet: allocated / further,
    }
}

/// What some frames took.
#[derive(Debug, Default)]
struct Run {
    frames: u64,
    packets: u64,
    spent: Duration,
    allocations: u64,
}

impl Run {
    fn per_frame(&self, count: u64) -> f64 {
        count as f64 / self.frames.max(1) as f64
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feedback {
    None,
    TransportWide,
}

/// A room on a clock of its own.
struct Meeting {
    room: Room,
    now: Instant,
    feedback: Feedback,
    video: Video,
    receivers: Receivers,
    next_feedback: Instant,
}

impl Meeting {
    fn new(subscribers: usize, feedback: Feedback, multiple: u64) -> Self {
        let now = Instant::now();
        // Probes need a finer clock than this one; so begin with enough.
        let mut config = RoomConfig::default();
        config.bandwidth.start = Bitrate::from_kbps(20_000);
        let mut room = Room::new(config);
        enter(&mut room, PUBLISHER, publishing(), now);
        let peers: Vec<PeerKey> = (1..=subscribers as u32).map(PeerKey).collect();
        for &peer in &peers {
            enter(&mut room, peer, receiving(peer, feedback), now);
            room.set_view(peer, view(), now);
        }
        Self {
            room,
            now,
            feedback,
            video: Video::new(PUBLISHED, 0, multiple),
            receivers: Receivers::new(&peers, now),
            next_feedback: now,
        }
    }

    /// Runs frames until `time` is used up within the room, after a warm-up.
    fn run(&mut self, time: Duration) -> Run {
        for _ in 0..5 * traffic::FRAME_RATE {
            self.frame();
        }
        let mut run = Run::default();
        let packets = self.receivers.packets;
        while run.spent < time {
            let (spent, allocations) = self.frame();
            run.frames += 1;
            run.spent += spent;
            run.allocations += allocations;
        }
        run.packets = self.receivers.packets - packets;
        run
    }

    /// One frame of the publisher, and what the time asks for; returns the
    /// time spent within the room and the allocations made there.
    fn frame(&mut self) -> (Duration, u64) {
        self.now += Duration::from_secs(1) / traffic::FRAME_RATE;
        let reports = self.reports();
        self.receivers.now = self.now;
        let (before, start) = (allocations::so_far(), Instant::now());
        for (peer, report) in &reports {
            // The room's own judgement of the feedback is not measured here.
            let _ = self.room.receive_rtcp(*peer, report, self.now);
        }
        let key = std::mem::take(&mut self.receivers.keyframe);
        let (room, now) = (&mut self.room, self.now);
        self.video.frame(key, |packet, index| {
            let header = Header::parse(packet).expect("traffic makes whole packets");
            room.receive_rtp(PUBLISHER, &header, packet, index, now);
        });
        room.flush(now, &mut self.receivers);
        if room.poll_timeout().is_some_and(|at| at <= now) {
            room.handle_timeout(now, &mut self.receivers);
        }
        while room.poll_event().is_some() {}
        (start.elapsed(), allocations::so_far() - before)
    }

    /// Feedback of the subscribers whose time has come.
    fn reports(&mut self) -> Vec<(PeerKey, Vec<u8>)> {
        if self.feedback == Feedback::None || self.now < self.next_feedback {
            return Vec::new();
        }
        self.next_feedback = self.now + FEEDBACK;
        self.receivers.reports()
    }
}

/// Counts what is handed out and notes what feedback tells of.
struct Receivers {
    now: Instant,
    packets: u64,
    /// The publisher was asked for one.
    keyframe: bool,
    states: Vec<Arrivals>,
}

impl Receivers {
    fn new(peers: &[PeerKey], now: Instant) -> Self {
        Self {
            now,
            packets: 0,
            keyframe: false,
            states: peers.iter().map(|_| Arrivals::new(now)).collect(),
        }
    }

    fn reports(&mut self) -> Vec<(PeerKey, Vec<u8>)> {
        let mut reports = Vec::new();
        for (peer, arrivals) in (1..).zip(&mut self.states) {
            let mut packet = Vec::new();
            if arrivals.write(peer, slot_ssrc(PeerKey(peer)), &mut packet) {
                reports.push((PeerKey(peer), packet));
            }
        }
        reports
    }
}

impl Egress for Receivers {
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], _index: u64) {
        self.packets += 1;
        std::hint::black_box(payload);
        let state =
            to.0.checked_sub(1)
                .and_then(|i| self.states.get_mut(i as usize));
        if let (Some(state), Some(sequence)) = (state, traffic::transport_sequence(header)) {
            state.note(sequence, self.now);
        }
    }

    fn rtcp(&mut self, to: PeerKey, packet: &[u8]) {
        self.keyframe |= to == PUBLISHER && traffic::asks_for_keyframe(packet);
    }
}

fn enter(room: &mut Room, peer: PeerKey, negotiated: Negotiated, now: Instant) {
    room.join(peer, now);
    room.set_sources(peer, MediaState::default().with(Source::Camera, true), now);
    room.negotiate(peer, negotiated, now);
    room.set_connected(peer, true, now);
}

fn publishing() -> Negotiated {
    Negotiated {
        publications: vec![Publication {
            mid: "0".to_owned(),
            source: Source::Camera,
            payloads: payloads(),
            extensions: extensions(Feedback::TransportWide),
            encodings: Encodings::Ssrcs(vec![SsrcPair {
                primary: PUBLISHED,
                rtx: None,
            }]),
        }],
        slots: Vec::new(),
    }
}

fn receiving(peer: PeerKey, feedback: Feedback) -> Negotiated {
    Negotiated {
        publications: Vec::new(),
        slots: vec![Slot {
            mid: "1".to_owned(),
            video: true,
            ssrc: slot_ssrc(peer),
            rtx_ssrc: Some(slot_ssrc(peer) + 1),
            payloads: payloads(),
            extensions: extensions(feedback),
        }],
    }
}

fn slot_ssrc(peer: PeerKey) -> u32 {
    1_000_000 + 2 * peer.0
}

fn payloads() -> Vec<PayloadType> {
    vec![PayloadType {
        pt: traffic::PAYLOAD_TYPE,
        codec: Codec::Vp8,
        rtx: Some(traffic::RTX_PAYLOAD_TYPE),
    }]
}

fn extensions(feedback: Feedback) -> ExtensionIds {
    ExtensionIds {
        mid: Some(traffic::MID),
        transport_cc: (feedback == Feedback::TransportWide).then_some(traffic::TRANSPORT_CC),
        ..ExtensionIds::default()
    }
}

fn view() -> View {
    View {
        tiles: vec![Tile {
            track: TrackKey {
                peer: PUBLISHER,
                source: Source::Camera,
            },
            width: 640,
            height: 360,
        }],
        max_bitrate: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subscriber_gets_the_video() {
        for feedback in [Feedback::TransportWide, Feedback::None] {
            let mut meeting = Meeting::new(3, feedback, 1);
            for _ in 0..2 * traffic::FRAME_RATE {
                meeting.frame();
            }
            let before = meeting.room.stats();
            for _ in 0..traffic::FRAME_RATE {
                meeting.frame();
            }
            let after = meeting.room.stats();
            let came = after.packets_in - before.packets_in;
            let went = after.packets_out - before.packets_out;
            assert!(went >= 3 * came, "{came} came, {went} went: {after:?}");
        }
    }
}
