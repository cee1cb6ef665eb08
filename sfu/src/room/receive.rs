//! RTP comes in: which stream it belongs to, and into its cache.

use std::time::Instant;

use super::{Room, schedule::Job};
use crate::{
    PeerKey, RoomConfig,
    bandwidth::TwccRecorder,
    codec::{self, PayloadInfo},
    ingress::{PayloadRole, ReadExtensions, Received, Track},
    packet_cache::PacketFacts,
    peer::StreamRef,
    rtp::Header,
};

/// A packet on its way in.
#[derive(Clone, Copy)]
struct Incoming<'a> {
    header: &'a Header,
    payload: &'a [u8],
    extensions: ReadExtensions<'a>,
    index: u64,
    now: Instant,
}

/// What a media packet is, after retransmissions were unpacked.
#[derive(Clone, Copy)]
struct Unpacked<'a> {
    payload_type: u8,
    sequence: u64,
    payload: &'a [u8],
    resent: bool,
}

impl Room {
    /// Takes a packet of a publisher. `packet` is the decrypted packet with
    /// its header, `header` was parsed from it, and `index` is its SRTP packet
    /// index (RFC 3711 §3.3.1, `roc << 16 | sequence`). It goes out with the
    /// next [`Room::flush`].
    pub fn receive_rtp(
        &mut self,
        peer: PeerKey,
        header: &Header,
        packet: &[u8],
        index: u64,
        now: Instant,
    ) {
        let Some(&owner) = self.by_key.get(&peer) else {
            return;
        };
        self.stats.packets_in += 1;
        self.stats.bytes_in += packet.len() as u64;
        let Ok(payload) = header.payload(packet) else {
            return;
        };
        let extensions = self.peers[owner].transport.extensions.read(header, packet);
        let incoming = Incoming {
            header,
            payload,
            extensions,
            index,
            now,
        };
        self.record(owner, &incoming);
        match self.stream_of(owner, &incoming) {
            Some(stream) => self.take_in(owner, stream, &incoming),
            None => self.stats.packets_unknown += 1,
        }
    }

    /// Notes the arrival for transport-wide feedback.
    fn record(&mut self, owner: usize, incoming: &Incoming<'_>) {
        let Some(number) = incoming.extensions.transport_cc else {
            return;
        };
        let recorder = &mut self.peers[owner].transport.recorder;
        let recorder = recorder.get_or_insert_with(|| TwccRecorder::new(incoming.now));
        recorder.on_packet_received(number, incoming.now);
        self.schedule
            .at_most(Job::Feedback, recorder.poll_timeout());
    }

    fn stream_of(&mut self, owner: usize, incoming: &Incoming<'_>) -> Option<StreamRef> {
        let known = &self.peers[owner].transport.streams;
        if let Some(stream) = known.get(&incoming.header.ssrc) {
            return Some(*stream);
        }
        let stream = self.recognise(owner, incoming)?;
        let ssrc = incoming.header.ssrc;
        let track = &mut self.tracks[stream.track];
        if let Some(PayloadRole::Media(_)) = track.role(incoming.header.payload_type) {
            if let Some(old) = track.layers[stream.layer].ssrc {
                self.peers[owner].transport.streams.remove(&old);
            }
            track.layers[stream.layer].rebind(ssrc);
        }
        self.peers[owner].transport.learn(ssrc, stream);
        Some(stream)
    }

    /// Finds the stream of an SSRC that is seen for the first time, by its mid
    /// and its rid (RFC 8843 §9.2, RFC 8852); a payload type that only one
    /// publication has will do for the mid.
    fn recognise(&self, owner: usize, incoming: &Incoming<'_>) -> Option<StreamRef> {
        let extensions = &incoming.extensions;
        let rid = extensions.repaired_rid.or(extensions.rid);
        let belongs = |track: &Track| {
            let by_mid = |mid| track.publication.mid.as_bytes() == mid;
            let has_type = track.role(incoming.header.payload_type).is_some();
            has_type && extensions.mid.is_none_or(by_mid)
        };
        let tracks = self.peers[owner].tracks.iter().copied();
        let mut candidates = tracks
            .filter(|at| belongs(&self.tracks[*at]))
            .filter_map(|at| {
                let layer = self.tracks[at].layer_by_rid(rid)?;
                Some(StreamRef { track: at, layer })
            });
        let found = candidates.next()?;
        // several would be a guess
        candidates.next().is_none().then_some(found)
    }

    fn take_in(&mut self, owner: usize, stream: StreamRef, incoming: &Incoming<'_>) {
        let track = &mut self.tracks[stream.track];
        if !track.on {
            self.stats.packets_off += 1;
            return;
        }
        track.opening = false;
        let Some(unpacked) = unpack(track, stream.layer, incoming) else {
            return;
        };
        let Some(PayloadRole::Media(codec)) = track.role(unpacked.payload_type) else {
            self.stats.packets_unknown += 1;
            return;
        };
        let was_active =
            track.layers[stream.layer].is_active(self.config.layer_silence, incoming.now);
        let info = codec::inspect(codec, unpacked.payload);
        let received = store(track, stream.layer, &unpacked, incoming, info, &self.config);
        match received {
            Received::Late => {
                self.stats.packets_late += 1;
                return;
            }
            Received::Repaired => self.stats.repaired += 1,
            Received::Kept => {}
        }
        let codec_changed = track.codec.replace(codec).is_some_and(|old| old != codec);
        if !was_active || codec_changed {
            self.unsettled.note(track);
        }
        self.schedule
            .at_most(Job::Missing, track.layers[stream.layer].next_ask());
        if !track.dirty {
            track.dirty = true;
            self.dirty_tracks.push(stream.track);
        }
        if track.key.source == protocol::Source::Microphone {
            let peer = &self.peers[owner];
            let voices = match peer.interprets {
                Some(_) => &mut self.interpreters,
                None => &mut self.speakers,
            };
            voices.hear(peer.key, incoming.extensions.passed.audio_level);
            let time = incoming.now + self.config.speaker_interval;
            self.schedule.at(Job::Speakers, time);
        }
    }
}

/// Takes a retransmission (RFC 4588 §4) out of its envelope. `None` for probes,
/// which carry nothing.
fn unpack<'a>(track: &Track, layer: usize, incoming: &Incoming<'a>) -> Option<Unpacked<'a>> {
    match track.role(incoming.header.payload_type)? {
        PayloadRole::Media(_) => Some(Unpacked {
            payload_type: incoming.header.payload_type,
            sequence: incoming.index,
            payload: incoming.payload,
            resent: false,
        }),
        PayloadRole::Rtx(payload_type) => {
            let (sequence, payload) = incoming.payload.split_first_chunk()?;
            let sequence = u16::from_be_bytes(*sequence);
            Some(Unpacked {
                payload_type,
                sequence: track.layers[layer].unwrap(sequence)?,
                payload,
                resent: true,
            })
        }
    }
}

fn store(
    track: &mut Track,
    layer: usize,
    unpacked: &Unpacked<'_>,
    incoming: &Incoming<'_>,
    info: PayloadInfo,
    config: &RoomConfig,
) -> Received {
    let facts = PacketFacts {
        sequence: unpacked.sequence,
        timestamp: incoming.header.timestamp,
        payload_type: unpacked.payload_type,
        marker: incoming.header.marker,
        arrived: incoming.now,
        extensions: incoming.extensions.passed,
        info,
    };
    let dependency = incoming.extensions.dependency;
    track.layers[layer].receive(facts, dependency, unpacked.payload, unpacked.resent, config)
}
