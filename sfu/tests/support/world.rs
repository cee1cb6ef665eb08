//! The room with everybody in it, on a virtual clock that moves in
//! milliseconds.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use protocol::{QualityScore, Source};
use rtc_rtcp::{
    packet::Packet,
    payload_feedbacks::picture_loss_indication::PictureLossIndication,
    receiver_report::ReceiverReport,
    reception_report::ReceptionReport,
    sender_report::SenderReport,
    transport_feedbacks::{
        transport_layer_cc::TransportLayerCc, transport_layer_nack::TransportLayerNack,
    },
};
use sfu::{
    Egress, Encodings, Event, Negotiated, PeerKey, Publication, Room, RoomConfig, Slot, SsrcPair,
    Tile, TrackKey, View, bandwidth::TwccRecorder, rtp::Header,
};

use super::{
    link::{Link, LinkConfig},
    publisher::{Encoder, LayerSpec, Microphone, RawPacket, simulcast},
    receiver::Stream,
    wire::{
        DOWN, Datagram, OPUS, SLOT_OPUS, SLOT_VP8, SLOT_VP8_RTX, UP, VP8, VP8_RTX, audio_payloads,
        extension, video_payloads,
    },
};

const STEP: Duration = Duration::from_millis(1);
const CAMERA_MID: &str = "cam";
const MICROPHONE_MID: &str = "mic";

/// What a participant sends and can receive.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) camera: Vec<LayerSpec>,
    pub(crate) microphone: bool,
    pub(crate) audio_slots: usize,
    pub(crate) video_slots: usize,
    pub(crate) up: LinkConfig,
    pub(crate) down: LinkConfig,
}

impl Spec {
    /// Sees and sends nothing.
    pub(crate) fn new() -> Self {
        Self {
            camera: Vec::new(),
            microphone: false,
            audio_slots: 0,
            video_slots: 0,
            up: LinkConfig::default(),
            down: LinkConfig::default(),
        }
    }

    pub(crate) fn publisher() -> Self {
        Self {
            camera: simulcast(),
            microphone: true,
            ..Self::new()
        }
    }

    pub(crate) fn viewer(video_slots: usize) -> Self {
        Self {
            audio_slots: 3,
            video_slots,
            ..Self::new()
        }
    }

    pub(crate) fn up(mut self, change: impl FnOnce(&mut LinkConfig)) -> Self {
        change(&mut self.up);
        self
    }

    pub(crate) fn down(mut self, change: impl FnOnce(&mut LinkConfig)) -> Self {
        change(&mut self.down);
        self
    }
}

/// A participant at the far end of two lines.
pub(crate) struct Client {
    pub(crate) encoders: Vec<Encoder>,
    pub(crate) microphone: Option<Microphone>,
    pub(crate) streams: BTreeMap<String, Stream>,
    pub(crate) sender_reports: Vec<SenderReport>,
    pub(crate) nacks_heard: u32,
    pub(crate) plis_heard: u32,
    pub(crate) feedback_heard: u32,
    /// Does not do what it is asked for.
    pub(crate) deaf: bool,
    /// Its packets come twice.
    pub(crate) doubles: bool,
    pub(crate) up: Link<Datagram>,
    pub(crate) down: Link<Datagram>,
    pub(crate) negotiated: Negotiated,
    ssrcs: BTreeMap<u32, String>,
    /// The latest sender report of each stream, and when it came.
    clocks: BTreeMap<u32, (u64, Instant)>,
    recorder: TwccRecorder,
    transport: u16,
    report_due: Instant,
}

/// A meeting.
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) room: Room,
    pub(crate) clients: BTreeMap<PeerKey, Client>,
    /// What the slots of each peer carry, as the peer was told.
    pub(crate) slots: BTreeMap<(PeerKey, String), TrackKey>,
    pub(crate) assignments: u32,
    pub(crate) speakers: Vec<PeerKey>,
    pub(crate) quality: BTreeMap<PeerKey, QualityScore>,
    epoch: Instant,
}

#[derive(Default)]
struct Outbox(Vec<(PeerKey, Datagram)>);

impl Egress for Outbox {
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], index: u64) {
        let bytes = [header, payload[0], payload[1]].concat();
        self.0.push((to, Datagram::Rtp { bytes, index }));
    }

    fn rtcp(&mut self, to: PeerKey, packet: &[u8]) {
        self.0.push((to, Datagram::Rtcp(packet.to_vec())));
    }
}

pub(crate) fn camera(peer: PeerKey) -> TrackKey {
    TrackKey {
        peer,
        source: Source::Camera,
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self {
            now,
            room: Room::new(RoomConfig::default()),
            clients: BTreeMap::new(),
            slots: BTreeMap::new(),
            assignments: 0,
            speakers: Vec::new(),
            quality: BTreeMap::new(),
            epoch: now,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a spec is made for one peer")]
    pub(crate) fn join(&mut self, number: u8, spec: Spec) -> PeerKey {
        let key = PeerKey(u32::from(number));
        let client = Client::new(number, &spec, self.now);
        self.room.join(key, self.now);
        self.room
            .negotiate(key, client.negotiated.clone(), self.now);
        self.room.set_connected(key, true, self.now);
        self.clients.insert(key, client);
        self.take_events();
        key
    }

    pub(crate) fn leave(&mut self, peer: PeerKey) {
        self.room.leave(peer, self.now);
        self.clients.remove(&peer);
        self.take_events();
    }

    /// Shows the cameras of these peers in tiles of these sizes.
    pub(crate) fn view(&mut self, viewer: PeerKey, tiles: &[(PeerKey, u32, u32)]) {
        let tile = |(peer, width, height): &(PeerKey, u32, u32)| Tile {
            track: camera(*peer),
            width: *width,
            height: *height,
        };
        let view = View {
            tiles: tiles.iter().map(tile).collect(),
            max_bitrate: None,
        };
        self.room.set_view(viewer, view, self.now);
        self.take_events();
    }

    pub(crate) fn client(&mut self, peer: PeerKey) -> &mut Client {
        self.clients.get_mut(&peer).expect("in the meeting")
    }

    /// One more offer, with more video slots.
    pub(crate) fn add_video_slots(&mut self, peer: PeerKey, more: usize) {
        let now = self.now;
        let client = self.client(peer);
        let video = client.negotiated.slots.iter().filter(|slot| slot.video);
        let at = video.count();
        for slot in (at..at + more).map(video_slot) {
            client.streams.insert(slot.mid.clone(), Stream::new(true));
            client.ssrcs.extend(named_ssrcs(&slot));
            client.negotiated.slots.push(slot);
        }
        let agreed = client.negotiated.clone();
        self.room.negotiate(peer, agreed, now);
        self.take_events();
    }

    /// The peer shares a sound: its microphone's stream under another name.
    pub(crate) fn share_sound(&mut self, peer: PeerKey) {
        let now = self.now;
        let mut agreed = self.client(peer).negotiated.clone();
        for publication in &mut agreed.publications {
            publication.source = Source::ScreenAudio;
        }
        self.room.negotiate(peer, agreed, now);
        self.take_events();
    }

    /// The peer makes a new connection, with new streams in both directions.
    pub(crate) fn reset_transport(&mut self, peer: PeerKey) {
        let now = self.now;
        self.room.reset_transport(peer, now);
        self.take_events();
        let client = self.client(peer);
        client.renew(now);
        let agreed = client.negotiated.clone();
        self.room.negotiate(peer, agreed, now);
        self.room.set_connected(peer, true, now);
        self.take_events();
    }

    /// The stream of the slot that carries a camera.
    pub(crate) fn video(&self, viewer: PeerKey, publisher: PeerKey) -> &Stream {
        let slot = self
            .slot(viewer, camera(publisher))
            .expect("a slot carries it");
        &self.clients[&viewer].streams[&slot]
    }

    pub(crate) fn slot(&self, viewer: PeerKey, track: TrackKey) -> Option<String> {
        let mut slots = self.slots.iter();
        let found = slots.find(|((peer, _), carried)| *peer == viewer && **carried == track);
        found.map(|((_, slot), _)| slot.clone())
    }

    pub(crate) fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += STEP;
            self.step();
        }
    }

    pub(crate) fn run_ms(&mut self, ms: u64) {
        self.run(Duration::from_millis(ms));
    }

    fn step(&mut self) {
        let (now, epoch) = (self.now, self.epoch);
        let mut outbox = Outbox::default();
        for (key, client) in &mut self.clients {
            client.produce(epoch, now);
            while let Some(datagram) = client.up.receive(now) {
                match datagram {
                    Datagram::Rtp { bytes, index } => {
                        let header = Header::parse(&bytes).expect("well-formed");
                        self.room.receive_rtp(*key, &header, &bytes, index, now);
                    }
                    Datagram::Rtcp(bytes) => {
                        self.room
                            .receive_rtcp(*key, &bytes, now)
                            .expect("well-formed");
                    }
                }
            }
        }
        self.room.flush(now, &mut outbox);
        if self.room.poll_timeout().is_some_and(|due| due <= now) {
            self.room.handle_timeout(now, &mut outbox);
        }
        for (to, datagram) in outbox.0 {
            if let Some(client) = self.clients.get_mut(&to) {
                client.down.send(datagram.len(), datagram, now);
            }
        }
        for client in self.clients.values_mut() {
            client.consume(now);
        }
        self.take_events();
    }

    pub(crate) fn take_events(&mut self) {
        while let Some(event) = self.room.poll_event() {
            match event {
                Event::SlotsAssigned { peer, slots } => {
                    for (slot, track) in slots {
                        self.assignments += 1;
                        match track {
                            Some(track) => self.slots.insert((peer, slot), track),
                            None => self.slots.remove(&(peer, slot)),
                        };
                    }
                }
                Event::Speakers(peers) => self.speakers = peers,
                Event::Quality(changes) => self.quality.extend(changes),
            }
        }
    }
}

impl Client {
    fn new(number: u8, spec: &Spec, now: Instant) -> Self {
        let encoders: Vec<Encoder> = spec
            .camera
            .iter()
            .zip(0..)
            .map(|(layer, at)| Encoder::new(number, at, layer.clone(), now))
            .collect();
        let microphone = spec.microphone.then(|| Microphone::new(number, now));
        let slots = slots(spec);
        Self {
            streams: slots
                .iter()
                .map(|slot| (slot.mid.clone(), Stream::new(slot.video)))
                .collect(),
            ssrcs: slots.iter().flat_map(named_ssrcs).collect(),
            negotiated: Negotiated {
                publications: publications(spec, &encoders, microphone.as_ref()),
                slots,
            },
            encoders,
            microphone,
            sender_reports: Vec::new(),
            nacks_heard: 0,
            plis_heard: 0,
            feedback_heard: 0,
            deaf: false,
            doubles: false,
            up: Link::new(spec.up.clone(), u64::from(number)),
            down: Link::new(spec.down.clone(), u64::from(number) + 1_000),
            recorder: TwccRecorder::new(now),
            clocks: BTreeMap::new(),
            transport: 0,
            report_due: now,
        }
    }

    /// Agrees on no transport-wide feedback.
    pub(crate) fn forget_transport_cc(&mut self) {
        for slot in &mut self.negotiated.slots {
            slot.extensions.transport_cc = None;
        }
    }

    /// Forgets the streams of the old connection.
    fn renew(&mut self, now: Instant) {
        for slot in &self.negotiated.slots {
            let stream = Stream::new(slot.video);
            self.streams.insert(slot.mid.clone(), stream);
        }
        self.encoders.iter_mut().for_each(|e| e.renew(now));
        self.recorder = TwccRecorder::new(now);
        self.up = Link::new(self.up.config.clone(), 77);
        self.down = Link::new(self.down.config.clone(), 78);
    }

    fn produce(&mut self, epoch: Instant, now: Instant) {
        let mut packets = Vec::new();
        for encoder in &mut self.encoders {
            encoder.poll(epoch, now, &mut packets);
        }
        if let Some(microphone) = &mut self.microphone {
            microphone.poll(now, &mut packets);
        }
        self.send(&packets, now);
        if now >= self.report_due {
            self.report_due = now + Duration::from_secs(1);
            let reports: Vec<SenderReport> = self
                .encoders
                .iter()
                .filter(|encoder| !encoder.paused)
                .map(|encoder| encoder.sender_report(epoch, now))
                .collect();
            reports
                .iter()
                .for_each(|report| self.send_rtcp(report, now));
            if let Some(report) = self.receiver_report(now) {
                self.send_rtcp(&report, now);
            }
        }
    }

    fn receiver_report(&mut self, now: Instant) -> Option<ReceiverReport> {
        let mut reports = Vec::new();
        for slot in &self.negotiated.slots {
            let stream = self.streams.get_mut(&slot.mid).expect("of all slots");
            let Some((highest, loss)) = stream.report() else {
                continue;
            };
            let (named, delay) = self.clocks.get(&slot.ssrc).map_or((0, 0), |(ntp, at)| {
                let delay = now.duration_since(*at).as_micros() * 65_536 / 1_000_000;
                ((ntp >> 16) as u32, delay as u32)
            });
            reports.push(ReceptionReport {
                ssrc: slot.ssrc,
                fraction_lost: (loss * 256.0) as u8,
                last_sequence_number: highest,
                last_sender_report: named,
                delay,
                ..ReceptionReport::default()
            });
        }
        (!reports.is_empty()).then(|| ReceiverReport {
            ssrc: 1,
            reports,
            ..ReceiverReport::default()
        })
    }

    pub(crate) fn send(&mut self, packets: &[RawPacket], now: Instant) {
        for packet in packets {
            let sound = packet.fields.payload_type == OPUS;
            let mid = if sound { MICROPHONE_MID } else { CAMERA_MID };
            let datagram = packet.write(mid, self.transport);
            self.transport = self.transport.wrapping_add(1);
            if self.doubles {
                self.up.send(datagram.len(), datagram.clone(), now);
            }
            self.up.send(datagram.len(), datagram, now);
        }
    }

    pub(crate) fn send_rtcp(&mut self, packet: &dyn Packet, now: Instant) {
        let mut bytes = vec![0; packet.marshal_size()];
        packet.marshal_to(&mut bytes).expect("large enough");
        self.up.send(bytes.len(), Datagram::Rtcp(bytes), now);
    }

    fn consume(&mut self, now: Instant) {
        while let Some(datagram) = self.down.receive(now) {
            match datagram {
                Datagram::Rtp { bytes, index } => self.take_rtp(&bytes, index, now),
                Datagram::Rtcp(bytes) => self.take_rtcp(&bytes, now),
            }
        }
        let slots = self.negotiated.slots.iter();
        let (mut nacks, mut stuck) = (Vec::new(), Vec::new());
        for slot in slots {
            let stream = self.streams.get_mut(&slot.mid).expect("of all slots");
            nacks.extend(stream.nack(slot.ssrc, Duration::from_millis(60), now));
            if stream.is_stuck(now) {
                stuck.push(slot.mid.clone());
            }
        }
        nacks.iter().for_each(|nack| self.send_rtcp(nack, now));
        stuck.iter().for_each(|slot| self.lose_picture(slot, now));
        while let Some(feedback) = self.recorder.poll_feedback(1, 1, now) {
            self.send_rtcp(&feedback, now);
        }
    }

    fn take_rtp(&mut self, bytes: &[u8], index: u64, now: Instant) {
        let header = Header::parse(bytes).expect("well-formed");
        if let Some(number) = extension(bytes, DOWN.transport_cc) {
            let number = u16::from_be_bytes([number[0], number[1]]);
            self.recorder.on_packet_received(number, now);
        }
        let slot = self.ssrcs.get(&header.ssrc).expect("an agreed stream");
        let stream = self.streams.get_mut(slot).expect("of all slots");
        stream.receive(bytes, index, now);
    }

    fn take_rtcp(&mut self, bytes: &[u8], now: Instant) {
        let mut rest = bytes;
        let packets = rtc_rtcp::packet::unmarshal(&mut rest).expect("well-formed");
        let mut resent = Vec::new();
        for packet in packets {
            let any = packet.as_any();
            if let Some(nack) = any.downcast_ref::<TransportLayerNack>() {
                self.nacks_heard += 1;
                for encoder in &mut self.encoders {
                    encoder.resend(nack, &mut resent);
                }
            } else if let Some(loss) = any.downcast_ref::<PictureLossIndication>() {
                self.plis_heard += 1;
                let encoders = self.encoders.iter_mut();
                let deaf = self.deaf;
                encoders
                    .filter(|encoder| encoder.ssrc() == loss.media_ssrc && !deaf)
                    .for_each(Encoder::want_key);
            } else if any.is::<TransportLayerCc>() {
                self.feedback_heard += 1;
            } else if let Some(report) = any.downcast_ref::<SenderReport>() {
                self.clocks.insert(report.ssrc, (report.ntp_time, now));
                self.sender_reports.push(report.clone());
            }
        }
        if !self.deaf {
            self.send(&resent, now);
        }
    }

    /// Asks for a keyframe of a slot.
    pub(crate) fn lose_picture(&mut self, slot: &str, now: Instant) {
        let slots = self.negotiated.slots.iter();
        let ssrc = slots.filter(|s| s.mid == slot).map(|s| s.ssrc).next();
        let loss = PictureLossIndication {
            sender_ssrc: 1,
            media_ssrc: ssrc.expect("a slot"),
        };
        self.send_rtcp(&loss, now);
    }
}

fn publications(
    spec: &Spec,
    encoders: &[Encoder],
    microphone: Option<&Microphone>,
) -> Vec<Publication> {
    let mut publications = Vec::new();
    if !encoders.is_empty() {
        let rids: Option<Vec<String>> = spec.camera.iter().map(|l| Some(l.rid?.into())).collect();
        let pairs = encoders.iter().map(Encoder::ssrc_pair).collect();
        publications.push(Publication {
            mid: CAMERA_MID.into(),
            source: Source::Camera,
            payloads: video_payloads(VP8, VP8_RTX),
            extensions: UP,
            encodings: rids.map_or(Encodings::Ssrcs(pairs), Encodings::Rids),
        });
    }
    if let Some(microphone) = microphone {
        publications.push(Publication {
            mid: MICROPHONE_MID.into(),
            source: Source::Microphone,
            payloads: audio_payloads(OPUS),
            extensions: UP,
            encodings: Encodings::Ssrcs(vec![SsrcPair {
                primary: microphone.ssrc(),
                rtx: None,
            }]),
        });
    }
    publications
}

fn slots(spec: &Spec) -> Vec<Slot> {
    let audio = (0..spec.audio_slots).map(|at| Slot {
        mid: format!("a{at}"),
        video: false,
        ssrc: 500_000 + at as u32,
        rtx_ssrc: None,
        payloads: audio_payloads(SLOT_OPUS),
        extensions: DOWN,
    });
    audio.chain((0..spec.video_slots).map(video_slot)).collect()
}

fn video_slot(at: usize) -> Slot {
    Slot {
        mid: format!("v{at}"),
        video: true,
        ssrc: 600_000 + 2 * at as u32,
        rtx_ssrc: Some(600_001 + 2 * at as u32),
        payloads: video_payloads(SLOT_VP8, SLOT_VP8_RTX),
        extensions: DOWN,
    }
}

fn named_ssrcs(slot: &Slot) -> Vec<(u32, String)> {
    let name = |ssrc| (ssrc, slot.mid.clone());
    [Some(slot.ssrc), slot.rtx_ssrc]
        .into_iter()
        .flatten()
        .map(name)
        .collect()
}
