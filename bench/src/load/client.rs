//! One client of the load: a socket, a connection, and what its role asks for.
//!
//! Leaves time to [`super::process`], which calls it when something is due.

use std::{io, net::SocketAddr, sync::Arc, time::Instant};

use anyhow::Result;
use media::srtp::MAX_OVERHEAD;
use mio::net::UdpSocket;
use socket2::SockRef;

use super::{
    connection::{Connection, Identity, Received},
    message::{Counts, Role},
    sdp::{self, Credentials},
};
use crate::{
    feedback::Arrivals,
    sinks::RECEIVE_BUFFER,
    traffic::{self, HEADER, PACKET, PAYLOAD_TYPE, Video},
};

/// Room for any datagram.
const DATAGRAM: usize = 2_048;
/// What a viewer that does not verify reads of each packet: the header and its
/// extensions. The kernel drops the rest unread, so that counting is cheap.
const GLANCE: usize = 64;

/// A client and all it has counted.
pub struct Client {
    /// To be registered for reading.
    pub socket: UdpSocket,
    identity: Arc<Identity>,
    own: Credentials,
    ssrc: u32,
    connection: Option<Connection>,
    counts: Counts,
    part: Part,
}

enum Part {
    Publisher(Box<Publisher>),
    Viewer(Box<Viewer>),
}

struct Publisher {
    video: Video,
    keyframe: bool,
}

struct Viewer {
    verify: bool,
    arrivals: Option<Arrivals>,
    stream: Option<Sequence>,
    media: u32,
    report: Vec<u8>,
}

impl Client {
    /// A client with a socket of its own on loopback.
    ///
    /// # Errors
    /// When the socket cannot be opened.
    pub fn new(name: usize, role: Role, identity: Arc<Identity>, now: Instant) -> Result<Self> {
        let socket = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER)?;
        let ssrc = 2 * name as u32 + 1;
        Ok(Self {
            socket,
            identity,
            own: Credentials {
                ufrag: format!("u{name:06}"),
                password: format!("passwordOfTheClient{name:06}"),
            },
            ssrc,
            connection: None,
            counts: Counts::default(),
            part: Part::new(role, ssrc, now),
        })
    }

    /// The SDP offer.
    #[must_use]
    pub fn offer(&self, role: Role) -> String {
        sdp::offer(role, &self.own, &self.identity.fingerprint, self.ssrc)
    }

    /// Takes the answer and begins to connect.
    ///
    /// # Errors
    /// When the answer says too little or the socket fails.
    pub fn accept(&mut self, answer: &str) -> Result<()> {
        let answer = sdp::answer(answer)?;
        self.socket.connect(answer.address)?;
        let identity = self.identity.clone();
        self.connection = Some(Connection::new(identity, &self.own.ufrag, &answer));
        self.check()
    }

    /// Sends a connectivity check, or the consent that keeps the connection.
    ///
    /// # Errors
    /// When the request cannot be made.
    pub fn check(&mut self) -> Result<()> {
        if let Some(connection) = &self.connection {
            let request = connection.binding_request()?;
            send(&self.socket, &request);
        }
        Ok(())
    }

    /// What has been counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let Part::Viewer(viewer) = &self.part else {
            return self.counts;
        };
        let mut counts = self.counts;
        if let Some(stream) = viewer.stream {
            counts.expected = stream.expected();
            counts.watching = 1;
        }
        counts
    }

    /// Reads all datagrams that wait; says whether the keys came with them.
    ///
    /// # Errors
    /// When the handshake fails.
    pub fn read(&mut self, now: Instant) -> Result<bool> {
        let mut buffer = [0; DATAGRAM];
        let mut connected = false;
        loop {
            let glance = self.glances();
            let room = if glance { GLANCE } else { DATAGRAM };
            let Ok(length) = self.socket.recv(&mut buffer[..room]) else {
                return Ok(connected);
            };
            let datagram = &mut buffer[..length];
            if glance {
                self.count(datagram, now);
            } else {
                connected |= self.receive(datagram, now)?;
            }
        }
    }

    /// Repeats what of the handshake was lost.
    ///
    /// # Errors
    /// When the handshake was repeated too often.
    pub fn handle_timeout(&mut self, now: Instant) -> Result<()> {
        if let Some(connection) = &mut self.connection {
            connection.handle_timeout(now)?;
            flush(&self.socket, connection);
        }
        Ok(())
    }

    /// Sends the next frame, if this is a publisher.
    pub fn publish(&mut self) {
        let (Part::Publisher(publisher), Some(connection)) = (&mut self.part, &self.connection)
        else {
            return;
        };
        let key = std::mem::take(&mut publisher.keyframe);
        let (socket, sent) = (&self.socket, &mut self.counts.sent);
        publisher.video.frame(key, |packet, index| {
            let mut buffer = [0; PACKET + MAX_OVERHEAD];
            buffer[..PACKET].copy_from_slice(packet);
            if let Some(length) = connection.protect_rtp(&mut buffer, HEADER, PACKET, index) {
                send(socket, &buffer[..length]);
                *sent += 1;
            }
        });
    }

    /// Sends feedback about what arrived, if this is a viewer that gives any.
    pub fn give_feedback(&mut self) {
        let (Part::Viewer(viewer), Some(connection)) = (&mut self.part, &mut self.connection)
        else {
            return;
        };
        let Some(arrivals) = &mut viewer.arrivals else {
            return;
        };
        if !arrivals.write(self.ssrc, viewer.media, &mut viewer.report) {
            return;
        }
        let length = viewer.report.len();
        viewer.report.resize(length + MAX_OVERHEAD, 0);
        if let Some(length) = connection.protect_rtcp(&mut viewer.report, length) {
            send(&self.socket, &viewer.report[..length]);
            self.counts.feedback += 1;
        }
    }

    /// Whether it sends video.
    #[must_use]
    pub fn publishes(&self) -> bool {
        matches!(self.part, Part::Publisher(_))
    }

    /// Whether only the start of each datagram is looked at.
    fn glances(&self) -> bool {
        let connected = self
            .connection
            .as_ref()
            .is_some_and(Connection::is_connected);
        connected && matches!(&self.part, Part::Viewer(viewer) if !viewer.verify)
    }

    fn receive(&mut self, datagram: &mut [u8], now: Instant) -> Result<bool> {
        let Some(connection) = &mut self.connection else {
            return Ok(false);
        };
        let received = connection.receive(datagram, now)?;
        flush(&self.socket, connection);
        match received {
            Received::Connected => return Ok(true),
            Received::Rtp(length) => {
                self.counts.authentic += 1;
                self.count(&datagram[..length], now);
            }
            Received::Rtcp(length) => self.part.receive_rtcp(&datagram[..length]),
            Received::Forged => self.counts.forged += 1,
            Received::Transport => {}
        }
        Ok(false)
    }

    /// Counts an RTP packet by its header, which SRTP leaves readable.
    fn count(&mut self, packet: &[u8], now: Instant) {
        let Part::Viewer(viewer) = &mut self.part else {
            return;
        };
        if packet.len() < HEADER || packet[0] >> 6 != 2 || (192..=223).contains(&packet[1]) {
            return;
        }
        if packet[1] & 0x7f == PAYLOAD_TYPE {
            let sequence = u16::from_be_bytes([packet[2], packet[3]]);
            let stream = viewer.stream.get_or_insert(Sequence::new(sequence));
            stream.note(sequence);
            viewer.media = u32::from_be_bytes([packet[8], packet[9], packet[10], packet[11]]);
            self.counts.received += 1;
        } else {
            self.counts.other += 1;
        }
        if let Some(arrivals) = &mut viewer.arrivals
            && let Some(sequence) = traffic::transport_sequence(packet)
        {
            arrivals.note(sequence, now);
        }
    }
}

impl Part {
    fn new(role: Role, ssrc: u32, now: Instant) -> Self {
        match role {
            Role::Publisher { multiple } => Self::Publisher(Box::new(Publisher {
                video: Video::new(ssrc, 0, multiple),
                keyframe: true,
            })),
            Role::Viewer { feedback, verify } => Self::Viewer(Box::new(Viewer {
                verify,
                arrivals: feedback.then(|| Arrivals::new(now)),
                stream: None,
                media: 0,
                report: Vec::new(),
            })),
        }
    }

    /// A publisher answers requests for a keyframe.
    fn receive_rtcp(&mut self, compound: &[u8]) {
        let Self::Publisher(publisher) = self else {
            return;
        };
        publisher.keyframe |= traffic::asks_for_keyframe(compound);
    }
}

/// How many packets a stream has had, by its sequence numbers.
#[derive(Debug, Clone, Copy)]
pub struct Sequence {
    first: u64,
    highest: u64,
}

impl Sequence {
    /// A stream that begins with this number.
    #[must_use]
    pub fn new(sequence: u16) -> Self {
        let start = (1 << 16) | u64::from(sequence);
        Self {
            first: start,
            highest: start,
        }
    }

    /// A packet came.
    pub fn note(&mut self, sequence: u16) {
        let ahead = sequence.wrapping_sub(self.highest as u16);
        if ahead < 0x8000 {
            self.highest += u64::from(ahead);
        }
    }

    /// How many packets should have come.
    #[must_use]
    pub fn expected(self) -> u64 {
        self.highest - self.first + 1
    }
}

fn flush(socket: &UdpSocket, connection: &mut Connection) {
    while let Some(datagram) = connection.poll_transmit() {
        send(socket, &datagram);
    }
}

/// A datagram that cannot be sent now counts as lost on the way.
fn send(socket: &UdpSocket, datagram: &[u8]) {
    let _: io::Result<usize> = socket.send(datagram);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_sequence_numbers_are_expected_ones() {
        let mut stream = Sequence::new(65_534);
        for sequence in [65_535, 2, 1] {
            stream.note(sequence);
        }
        assert_eq!(stream.expected(), 5);
    }
}
