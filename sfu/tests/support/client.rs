//! A participant at the far end of two lines: it sends, receives, and answers
//! what it is asked for.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use protocol::Source;
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
    Encodings, Negotiated, Publication, Slot, SsrcPair, bandwidth::TwccRecorder, rtp::Header,
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
    pub(crate) ssrcs: BTreeMap<u32, String>,
    /// The latest sender report of each stream, and when it came.
    clocks: BTreeMap<u32, (u64, Instant)>,
    recorder: TwccRecorder,
    transport: u16,
    report_due: Instant,
}

impl Client {
    pub(crate) fn new(number: u8, spec: &Spec, now: Instant) -> Self {
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
    pub(crate) fn renew(&mut self, now: Instant) {
        for slot in &self.negotiated.slots {
            let stream = Stream::new(slot.video);
            self.streams.insert(slot.mid.clone(), stream);
        }
        self.encoders.iter_mut().for_each(|e| e.renew(now));
        self.recorder = TwccRecorder::new(now);
        self.up = Link::new(self.up.config.clone(), 77);
        self.down = Link::new(self.down.config.clone(), 78);
    }

    pub(crate) fn produce(&mut self, epoch: Instant, now: Instant) {
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

    pub(crate) fn consume(&mut self, now: Instant) {
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

pub(crate) fn video_slot(at: usize) -> Slot {
    Slot {
        mid: format!("v{at}"),
        video: true,
        ssrc: 600_000 + 2 * at as u32,
        rtx_ssrc: Some(600_001 + 2 * at as u32),
        payloads: video_payloads(SLOT_VP8, SLOT_VP8_RTX),
        extensions: DOWN,
    }
}

pub(crate) fn named_ssrcs(slot: &Slot) -> Vec<(u32, String)> {
    let name = |ssrc| (ssrc, slot.mid.clone());
    [Some(slot.ssrc), slot.rtx_ssrc]
        .into_iter()
        .flatten()
        .map(name)
        .collect()
}
