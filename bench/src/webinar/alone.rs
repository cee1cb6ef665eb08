//! A webinar in `sfu` alone, on a clock of its own: what joining, a change of
//! speakers and the mere passing of time cost when thousands watch.

use std::time::{Duration, Instant};

use anyhow::Result;
use protocol::{MediaState, Source};
use serde::Serialize;
use sfu::{Egress, PeerKey, Room, RoomConfig, rtp::Header};

use super::{
    SPEAKERS, TALKING,
    agreed::{AUDIO_SLOTS, negotiated, published, slot_ssrc, view},
    speaker::Speaker,
};
use crate::{cpu, feedback::Arrivals, output, table::Table, traffic};

/// How fine the clock is.
const STEP: Duration = Duration::from_millis(5);
/// How often a receiver gives feedback; browsers do every 50 to 250 ms.
const FEEDBACK: Duration = Duration::from_millis(100);
/// How long it runs before it is measured, and while it is.
const WARM_UP: Duration = Duration::from_secs(3);
const MEASURED: Duration = Duration::from_secs(3);
/// How many joins are averaged: the last ones.
const LAST: u32 = 20;
/// How many changes of speakers are averaged.
const ROUNDS: u32 = 5;

/// What one number of viewers costs.
#[derive(Debug, Clone, Serialize)]
pub struct Alone {
    /// How many watch.
    pub viewers: usize,
    /// Processor time of one more join: microseconds.
    pub join: f64,
    /// Processor time of somebody's beginning to speak: microseconds.
    pub change: f64,
    /// Processor time of a microphone that is switched off: microseconds.
    pub switch: f64,
    /// Share of a core for what time asks for.
    pub upkeep: f64,
    /// Share of a core for packets and feedback.
    pub packets: f64,
    /// Packets per second that leave.
    pub sent: f64,
}

/// Measures and prints the table.
///
/// # Errors
/// When the results cannot be written.
pub fn run(viewers: &[usize]) -> Result<()> {
    let mut table = Table::new(
        "Webinar: sfu alone, 20 speakers, 3 of them talking, everybody sees 9 (no keys, no sockets)",
        &[
            "viewers",
            "join µs",
            "new speaker µs",
            "muted µs",
            "upkeep",
            "packets",
            "packets/s",
        ],
    );
    cpu::pin_current(cpu::SERVER_CORE)?;
    let mut rows = Vec::new();
    for &viewers in viewers {
        let row = measure(viewers);
        table.row([
            row.viewers.to_string(),
            format!("{:.0}", row.join),
            format!("{:.0}", row.change),
            format!("{:.0}", row.switch),
            format!("{:.1} %", row.upkeep * 100.0),
            format!("{:.1} %", row.packets * 100.0),
            crate::table::thousands(row.sent),
        ]);
        rows.push(row);
    }
    cpu::unpin_current()?;
    output::publish("webinar-alone", &table, &rows)
}

fn measure(viewers: usize) -> Alone {
    let mut webinar = Webinar::new();
    webinar.run(Duration::from_secs(1));
    let mut join = Duration::ZERO;
    for viewer in 0..viewers {
        let spent = webinar.join(viewer as u32 + SPEAKERS as u32);
        if viewers - viewer <= LAST as usize {
            join += spent / LAST;
        }
        if viewer % 64 == 0 {
            webinar.run(STEP);
        }
    }
    webinar.run(WARM_UP);
    let before = webinar.spent;
    let sent = webinar.receivers.packets;
    webinar.run(MEASURED);
    let (upkeep, packets) = (
        webinar.spent.upkeep - before.upkeep,
        webinar.spent.packets - before.packets,
    );
    let seconds = MEASURED.as_secs_f64();
    let sent = (webinar.receivers.packets - sent) as f64 / seconds;
    let (change, switch) = webinar.changes();
    Alone {
        viewers,
        join: micros(join),
        change: micros(change),
        switch: micros(switch),
        upkeep: upkeep.as_secs_f64() / seconds,
        packets: packets.as_secs_f64() / seconds,
        sent,
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    upkeep: Duration,
    packets: Duration,
}

struct Webinar {
    room: Room,
    now: Instant,
    speakers: Vec<Speaker>,
    receivers: Receivers,
    next_feedback: Instant,
    spent: Spent,
}

impl Webinar {
    fn new() -> Self {
        let now = Instant::now();
        let mut webinar = Self {
            room: Room::new(RoomConfig::default()),
            now,
            speakers: Vec::new(),
            receivers: Receivers {
                now,
                packets: 0,
                keyframes: vec![false; SPEAKERS],
                arrivals: Vec::new(),
            },
            next_feedback: now,
            spent: Spent::default(),
        };
        for number in 0..SPEAKERS {
            let mut speaker = Speaker::new(published(number as u32), "0", "1", now);
            speaker.speaks = number < TALKING;
            webinar.speakers.push(speaker);
            webinar.join(number as u32);
        }
        webinar
    }

    /// Lets one in; returns the time that it took.
    fn join(&mut self, number: u32) -> Duration {
        let key = PeerKey(number);
        let (agreed, view) = (negotiated(number), view(number));
        let speaks = (number as usize) < SPEAKERS;
        self.receivers.arrivals.push(Arrivals::new(self.now));
        let start = cpu::own_time();
        self.room.join(key, self.now);
        if speaks {
            let on = MediaState::default()
                .with(Source::Camera, true)
                .with(Source::Microphone, true);
            self.room.set_sources(key, on, self.now);
        }
        self.room.negotiate(key, agreed, self.now);
        self.room.set_view(key, view, self.now);
        self.room.set_connected(key, true, self.now);
        self.flush();
        cpu::own_time() - start
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += STEP;
            self.receivers.now = self.now;
            self.step();
        }
    }

    fn step(&mut self) {
        let reports = self.reports();
        let mut packets: Vec<(PeerKey, Vec<u8>, u64)> = Vec::new();
        for (number, speaker) in self.speakers.iter_mut().enumerate() {
            if std::mem::take(&mut self.receivers.keyframes[number]) {
                speaker.want_keyframe();
            }
            speaker.poll(self.now, |packet, index| {
                packets.push((PeerKey(number as u32), packet.to_vec(), index));
            });
        }
        let start = cpu::own_time();
        for (peer, report) in &reports {
            // the room's own judgement of the feedback is not measured here
            let _ = self.room.receive_rtcp(*peer, report, self.now);
        }
        for (peer, packet, index) in &packets {
            let header = Header::parse(packet).expect("speakers send whole packets");
            self.room
                .receive_rtp(*peer, &header, packet, *index, self.now);
        }
        self.flush();
        let flushed = cpu::own_time();
        if self.room.poll_timeout().is_some_and(|at| at <= self.now) {
            self.room.handle_timeout(self.now, &mut self.receivers);
        }
        while self.room.poll_event().is_some() {}
        self.spent.packets += flushed - start;
        self.spent.upkeep += cpu::own_time() - flushed;
    }

    fn flush(&mut self) {
        self.room.flush(self.now, &mut self.receivers);
        while self.room.poll_event().is_some() {}
    }

    fn reports(&mut self) -> Vec<(PeerKey, Vec<u8>)> {
        if self.now < self.next_feedback {
            return Vec::new();
        }
        self.next_feedback = self.now + FEEDBACK;
        let arrivals = self.receivers.arrivals.iter_mut().zip(0..);
        let report = |(arrivals, peer): (&mut Arrivals, u32)| {
            let mut packet = Vec::new();
            let some = arrivals.write(peer, slot_ssrc(peer, AUDIO_SLOTS), &mut packet);
            some.then_some((PeerKey(peer), packet))
        };
        arrivals.filter_map(report).collect()
    }

    /// What it costs that others speak, and that one is muted and not any more.
    fn changes(&mut self) -> (Duration, Duration) {
        let before = self.spent;
        for round in 0..ROUNDS as usize {
            for (number, speaker) in self.speakers.iter_mut().enumerate() {
                speaker.speaks = (number + round * TALKING) % SPEAKERS < TALKING;
            }
            self.run(Duration::from_millis(1_500));
        }
        let busy = self.spent.upkeep - before.upkeep;
        let before = self.spent;
        self.run(Duration::from_millis(1_500) * ROUNDS);
        let calm = self.spent.upkeep - before.upkeep;
        let change = busy.saturating_sub(calm) / ROUNDS / TALKING as u32;
        (change, self.mute() / ROUNDS)
    }

    /// What it costs that microphones that were heard are switched off.
    fn mute(&mut self) -> Duration {
        let camera = MediaState::default().with(Source::Camera, true);
        let mut spent = Duration::ZERO;
        for round in 0..ROUNDS {
            let key = PeerKey(round % SPEAKERS as u32);
            let start = cpu::own_time();
            self.room.set_sources(key, camera, self.now);
            self.flush();
            spent += cpu::own_time() - start;
            let on = camera.with(Source::Microphone, true);
            self.room.set_sources(key, on, self.now);
            self.run(Duration::from_millis(500));
        }
        spent
    }
}

/// Counts what is handed out and notes what feedback tells of.
struct Receivers {
    now: Instant,
    packets: u64,
    /// Which speakers were asked for a keyframe.
    keyframes: Vec<bool>,
    arrivals: Vec<Arrivals>,
}

impl Egress for Receivers {
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], _index: u64) {
        self.packets += 1;
        std::hint::black_box(payload);
        let arrivals = self.arrivals.get_mut(to.0 as usize);
        if let (Some(arrivals), Some(sequence)) = (arrivals, traffic::transport_sequence(header)) {
            arrivals.note(sequence, self.now);
        }
    }

    fn rtcp(&mut self, to: PeerKey, packet: &[u8]) {
        if let Some(keyframe) = self.keyframes.get_mut(to.0 as usize) {
            *keyframe |= traffic::asks_for_keyframe(packet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webinar::TILES;

    #[test]
    fn every_viewer_gets_pictures_and_voices() {
        let mut webinar = Webinar::new();
        for viewer in 0..3 {
            webinar.join(SPEAKERS as u32 + viewer);
        }
        webinar.run(Duration::from_secs(3));
        for viewer in 0..3 {
            let slots = webinar.room.slots(PeerKey(SPEAKERS as u32 + viewer));
            let used = slots.iter().filter(|(_, track)| track.is_some()).count();
            assert_eq!(used, TILES + AUDIO_SLOTS as usize);
        }
    }
}
