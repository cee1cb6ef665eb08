//! What a speaker sends: a microphone, and a camera in three layers.

use std::time::{Duration, Instant};

use media::client::{
    AUDIO_LEVEL_ID, CAMERA_RIDS, MID_ID, OPUS_PT, RID_ID, TRANSPORT_CC_ID, VP8_PT,
};
use sfu::rtp::{HeaderFields, HeaderWriter};

/// Width, height and packets per frame of the layers: some 260, 530 and 1,580
/// kbit/s.
const LAYERS: [(u16, u16, usize); 3] = [(320, 180, 1), (640, 360, 2), (1_280, 720, 6)];
/// Bytes of a packet of video before it is protected, without its header.
const PICTURE: usize = 1_080;
/// Bytes of a packet of sound: 32 kbit/s.
const SOUND: usize = 80;
const FRAME: Duration = Duration::from_nanos(33_333_333);
const SPEECH: Duration = Duration::from_millis(20);
/// Opus in silence (DTX).
const SILENCE: Duration = Duration::from_millis(400);

/// A speaker's sending side.
pub struct Speaker {
    microphone: Stream,
    layers: Vec<Stream>,
    /// Whether the microphone hears speech.
    pub speaks: bool,
    keyframe: bool,
    picture: u16,
    next_sound: Instant,
    next_frame: Instant,
    transport: u16,
}

struct Stream {
    ssrc: u32,
    mid: String,
    rid: Option<&'static str>,
    index: u64,
    timestamp: u32,
}

impl Speaker {
    /// Streams on these m-lines; the SSRCs count up from `ssrc`, the
    /// microphone's first, then those of the camera's layers.
    #[must_use]
    pub fn new(ssrc: u32, microphone: &str, camera: &str, start: Instant) -> Self {
        let stream = |number: u32, mid: &str, rid| Stream {
            ssrc: ssrc + number,
            mid: mid.to_owned(),
            rid,
            index: 1_000,
            timestamp: 0,
        };
        let rids = (1..).zip(CAMERA_RIDS);
        Self {
            microphone: stream(0, microphone, None),
            layers: rids
                .map(|(at, rid)| stream(at, camera, Some(rid)))
                .collect(),
            speaks: false,
            keyframe: true,
            picture: 0,
            next_sound: start,
            next_frame: start,
            transport: 0,
        }
    }

    /// The next frame is a keyframe in all layers.
    pub fn want_keyframe(&mut self) {
        self.keyframe = true;
    }

    /// When something is to be sent next.
    #[must_use]
    pub fn next(&self) -> Instant {
        self.next_sound.min(self.next_frame)
    }

    /// Gives each packet that is due to `send`, with its packet index
    /// (RFC 3711 §3.3.1).
    pub fn poll(&mut self, now: Instant, mut send: impl FnMut(&[u8], u64)) {
        while self.next_sound <= now {
            let pause = if self.speaks { SPEECH } else { SILENCE };
            self.sound(&mut send);
            self.microphone.timestamp += pause.as_millis() as u32 * 48;
            self.next_sound += pause;
        }
        while self.next_frame <= now {
            self.frame(&mut send);
            self.next_frame += FRAME;
        }
    }

    fn sound(&mut self, send: &mut impl FnMut(&[u8], u64)) {
        let level = if self.speaks { 0x80 | 25 } else { 127 };
        let mut header = self.microphone.header(OPUS_PT, true);
        header.extension(AUDIO_LEVEL_ID, &[level]);
        let mut packet = self.finish(header);
        packet.resize(packet.len() + SOUND, 0xfc);
        send(&packet, self.microphone.index);
    }

    /// One frame of each layer in VP8 (RFC 7741).
    fn frame(&mut self, send: &mut impl FnMut(&[u8], u64)) {
        let key = std::mem::take(&mut self.keyframe);
        self.picture = (self.picture + 1) & 0x7fff;
        for (at, (width, height, packets)) in LAYERS.into_iter().enumerate() {
            for part in 0..packets {
                let header = self.layers[at].header(VP8_PT, part + 1 == packets);
                let mut packet = self.finish(header);
                let end = packet.len() + PICTURE;
                // X and S; I and L; fifteen bits of picture id; TL0PICIDX
                let [high, low] = self.picture.to_be_bytes();
                packet.extend([0x80 | u8::from(part == 0) << 4, 0xc0, 0x80 | high, low, low]);
                if part == 0 {
                    // RFC 6386 §9.1: the lowest bit is 0 for a keyframe
                    packet.extend([u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a]);
                    packet.extend(width.to_le_bytes());
                    packet.extend(height.to_le_bytes());
                }
                packet.resize(end, 0x5a);
                send(&packet, self.layers[at].index);
            }
            let timestamp = &mut self.layers[at].timestamp;
            *timestamp = timestamp.wrapping_add(3_000);
        }
    }

    fn finish(&mut self, mut header: HeaderWriter) -> Vec<u8> {
        self.transport = self.transport.wrapping_add(1);
        header.extension(TRANSPORT_CC_ID, &self.transport.to_be_bytes());
        header.finish().to_vec()
    }
}

impl Stream {
    fn header(&mut self, payload_type: u8, marker: bool) -> HeaderWriter {
        self.index += 1;
        let mut header = HeaderWriter::new(&HeaderFields {
            payload_type,
            marker,
            padding: false,
            sequence: self.index as u16,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
        });
        header.extension(MID_ID, self.mid.as_bytes());
        if let Some(rid) = self.rid {
            header.extension(RID_ID, rid.as_bytes());
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use sfu::rtp::Header;

    use super::*;

    #[test]
    fn a_second_is_speech_and_thirty_frames_of_three_layers() {
        let start = Instant::now();
        let mut speaker = Speaker::new(10, "0", "1", start);
        speaker.speaks = true;
        let mut packets = [0; 4];
        speaker.poll(start + Duration::from_millis(999), |packet, index| {
            let header = Header::parse(packet).unwrap();
            assert_eq!(header.sequence, index as u16);
            packets[(header.ssrc - 10) as usize] += 1;
        });
        assert_eq!(packets, [50, 30, 60, 180]);
        assert!(speaker.next() > start + Duration::from_millis(999));
    }
}
