//! A native client's connection: socket, ICE, DTLS and SRTP.

use std::{
    collections::HashMap,
    io,
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use protocol::{Offer, Source};
use sfu::rtp::Header;

use super::{
    ClientConfig, ClientError,
    answer::{ClientSlot, ServerAnswer},
    check,
    config::security,
    offer::{OfferText, Sending},
};
use crate::{
    dtls::{Progress, Session},
    ice::fresh_credentials,
    sdp::IceCredentials,
    srtp::{Inbound, MAX_OVERHEAD, Outbound, Profile},
};

/// How often the path is checked once it works.
const CHECK_INTERVAL: Duration = Duration::from_millis(2_500);

/// How often it is checked before.
const FIRST_CHECKS: Duration = Duration::from_millis(50);

/// The longest datagram that is read or written.
const DATAGRAM: usize = 2_048;

/// A plain packet from the server.
#[derive(Debug, PartialEq, Eq)]
pub enum Received<'a> {
    /// An RTP packet.
    Rtp(&'a [u8]),
    /// A compound RTCP packet.
    Rtcp(&'a [u8]),
}

/// What a datagram turned out to be; packets lie in the client's buffer.
enum Got {
    Rtp(usize),
    Rtcp(usize),
    Other,
}

/// One peer connection.
pub struct Client {
    config: ClientConfig,
    socket: UdpSocket,
    ice: IceCredentials,
    sending: Vec<Sending>,
    negotiation: u32,
    connection: u32,
    server: Option<ServerAnswer>,
    /// The server's address, once a check succeeded.
    path: Option<SocketAddr>,
    next_check: Instant,
    dtls: Option<Session>,
    srtp: Option<(Inbound, Outbound)>,
    profile: Option<Profile>,
    /// The last packet index of each SSRC that we send.
    indices: HashMap<u32, u64>,
    buffer: Vec<u8>,
    wait: Option<Duration>,
}

impl Client {
    /// Binds a socket.
    ///
    /// # Errors
    /// When the socket cannot be bound.
    pub fn new(config: ClientConfig) -> Result<Self, ClientError> {
        let sources = config.sources.iter().enumerate();
        let sending = sources.map(|(mid, source)| Sending {
            source: *source,
            mid: mid.to_string(),
            ssrc: rand::random(),
            rtx_ssrc: rand::random(),
            simulcast: config.simulcast && *source == Source::Camera,
        });
        Ok(Self {
            sending: sending.collect(),
            socket: UdpSocket::bind(config.bind)?,
            ice: fresh_credentials(),
            negotiation: 0,
            connection: 1,
            server: None,
            path: None,
            next_check: Instant::now(),
            dtls: None,
            srtp: None,
            profile: None,
            indices: HashMap::new(),
            buffer: vec![0; DATAGRAM],
            wait: None,
            config,
        })
    }

    /// The next offer.
    pub fn offer(&mut self) -> Offer {
        self.negotiation += 1;
        let text = OfferText {
            version: self.negotiation,
            ice: &self.ice,
            fingerprint: self.config.identity.0.fingerprint(),
            sending: &self.sending,
            audio_slots: self.config.audio_slots,
            video_slots: self.config.video_slots,
        };
        Offer {
            negotiation: self.negotiation,
            connection: self.connection,
            sdp: text.sdp(),
            tracks: text.tracks(),
        }
    }

    /// Moves to a new socket with new ICE credentials, as a browser does whose
    /// network changed. Offer and connect again; the keys stay.
    ///
    /// # Errors
    /// When the socket cannot be bound.
    pub fn restart_ice(&mut self) -> Result<(), ClientError> {
        self.socket = UdpSocket::bind(self.config.bind)?;
        self.wait = None;
        self.ice = fresh_credentials();
        self.path = None;
        Ok(())
    }

    /// What this client may send, by mid and SSRC.
    #[must_use]
    pub fn sending(&self) -> &[Sending] {
        &self.sending
    }

    /// The slots of the last answer.
    #[must_use]
    pub fn slots(&self) -> &[ClientSlot] {
        self.server.as_ref().map_or(&[], |server| &server.slots)
    }

    /// The socket, to be polled together with others. A socket that is polled
    /// should be read by `receive` without a wait.
    #[must_use]
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// The SRTP profile that was agreed on.
    #[must_use]
    pub fn profile(&self) -> Option<Profile> {
        self.profile
    }

    /// Takes an answer and blocks until media can flow.
    ///
    /// # Errors
    /// [`ClientError::Timeout`] after `limit`; others when the answer, the
    /// handshake or the socket is bad.
    pub fn connect(&mut self, answer: &str, limit: Duration) -> Result<(), ClientError> {
        self.start(answer)?;
        let deadline = Instant::now() + limit;
        while !self.is_connected() {
            if Instant::now() >= deadline {
                return Err(ClientError::Timeout);
            }
            self.receive(Duration::from_millis(5))?;
        }
        Ok(())
    }

    /// Takes an answer and begins to connect; [`Client::receive`] goes on.
    ///
    /// # Errors
    /// When the answer is bad.
    pub fn start(&mut self, answer: &str) -> Result<(), ClientError> {
        let server = ServerAnswer::parse(answer)?;
        if self.dtls.is_none() {
            let identity = &self.config.identity.0;
            let expected = vec![server.fingerprint];
            let now = Instant::now();
            let session = Session::client(identity, &self.config.profiles, expected, now);
            self.dtls = Some(session.map_err(security)?);
        }
        self.server = Some(server);
        self.next_check = Instant::now();
        self.tick()
    }

    /// Whether media can flow.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.path.is_some() && self.srtp.is_some()
    }

    /// Sends a plain RTP packet. Its index follows from its sequence number.
    ///
    /// # Errors
    /// [`ClientError::Packet`] before the connection is up and for what is no
    /// RTP packet; [`ClientError::Socket`].
    pub fn send_rtp(&mut self, packet: &[u8]) -> Result<(), ClientError> {
        let header = Header::parse(packet).map_err(|_| ClientError::Packet)?;
        let (Some((_, outbound)), Some(path)) = (&self.srtp, self.path) else {
            return Err(ClientError::Packet);
        };
        let mut bytes = room_for(packet)?;
        let index = self
            .indices
            .entry(header.ssrc)
            .or_insert(u64::from(header.sequence));
        let step = header.sequence.wrapping_sub(*index as u16) as i16;
        let this = index
            .checked_add_signed(i64::from(step))
            .ok_or(ClientError::Packet)?;
        *index = this.max(*index);
        let length = outbound.protect_rtp(&mut bytes, header.length, packet.len(), this);
        self.socket.send_to(&bytes[..length], path)?;
        Ok(())
    }

    /// Sends a plain compound RTCP packet.
    ///
    /// # Errors
    /// As [`Client::send_rtp`].
    pub fn send_rtcp(&mut self, packet: &[u8]) -> Result<(), ClientError> {
        let (Some((_, outbound)), Some(path)) = (&mut self.srtp, self.path) else {
            return Err(ClientError::Packet);
        };
        let mut bytes = room_for(packet)?;
        let length = outbound
            .protect_rtcp(&mut bytes, packet.len())
            .ok_or(ClientError::Packet)?;
        self.socket.send_to(&bytes[..length], path)?;
        Ok(())
    }

    /// Waits at most `wait` for one datagram and returns the packet in it.
    /// Nothing when none came, or when it was one of the connection's own.
    /// Without a wait it returns at once.
    ///
    /// # Errors
    /// [`ClientError::Socket`]; [`ClientError::Security`] when the handshake
    /// fails for good.
    pub fn receive(&mut self, wait: Duration) -> Result<Option<Received<'_>>, ClientError> {
        self.tick()?;
        self.set_wait(wait)?;
        let (length, source) = match self.socket.recv_from(&mut self.buffer) {
            Ok(received) => received,
            Err(error) if is_nothing(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(match self.take(length, source)? {
            Got::Rtp(length) => Some(Received::Rtp(&self.buffer[..length])),
            Got::Rtcp(length) => Some(Received::Rtcp(&self.buffer[..length])),
            Got::Other => None,
        })
    }

    /// System calls are spared when the wait is the same as before.
    fn set_wait(&mut self, wait: Duration) -> io::Result<()> {
        if self.wait == Some(wait) {
            return Ok(());
        }
        self.socket.set_nonblocking(wait.is_zero())?;
        if !wait.is_zero() {
            self.socket.set_read_timeout(Some(wait))?;
        }
        self.wait = Some(wait);
        Ok(())
    }

    fn take(&mut self, length: usize, source: SocketAddr) -> Result<Got, ClientError> {
        let datagram = &mut self.buffer[..length];
        let first = datagram.first().copied().unwrap_or(0);
        match (first, &mut self.srtp) {
            (128..=191, Some((inbound, _))) => {
                if datagram
                    .get(1)
                    .is_some_and(|kind| (192..=223).contains(kind))
                {
                    let plain = inbound.unprotect_rtcp(datagram);
                    return Ok(plain.map_or(Got::Other, Got::Rtcp));
                }
                let Ok(header) = Header::parse(datagram) else {
                    return Ok(Got::Other);
                };
                let plain = inbound.unprotect_rtp(datagram, header.length);
                return Ok(plain.map_or(Got::Other, |(length, _)| Got::Rtp(length)));
            }
            (0..=3, _) => {
                let crypto = self.config.identity.0.provider().crypto();
                if let Some(server) = &self.server
                    && check::is_success(datagram, &server.ice, crypto)
                {
                    self.path.get_or_insert(source);
                }
            }
            (20..=63, _) => self.handshake(length)?,
            _ => {}
        }
        self.send_handshake()?;
        Ok(Got::Other)
    }

    fn handshake(&mut self, length: usize) -> Result<(), ClientError> {
        let Some(session) = &mut self.dtls else {
            return Ok(());
        };
        match session.receive(&self.buffer[..length], Instant::now()) {
            Ok(Progress::None) => {}
            Ok(Progress::Keys(keys)) => {
                self.profile = Some(keys.profile());
                self.srtp = Some((Inbound::client(&keys), Outbound::client(&keys)));
            }
            Err(error) if session.is_closed() => return Err(security(error)),
            Err(_) => {}
        }
        Ok(())
    }

    /// Does what time asks for.
    fn tick(&mut self) -> Result<(), ClientError> {
        let now = Instant::now();
        if now >= self.next_check
            && let Some(server) = &self.server
        {
            let crypto = self.config.identity.0.provider().crypto();
            let request = check::request(&self.ice, &server.ice, crypto).map_err(security)?;
            let all = server.candidates.as_slice();
            let targets = self.path.as_ref().map_or(all, std::slice::from_ref);
            for target in targets {
                // an address of the other family, or without a route
                let _unreachable = self.socket.send_to(&request, target);
            }
            let interval = if self.path.is_some() {
                CHECK_INTERVAL
            } else {
                FIRST_CHECKS
            };
            self.next_check = now + interval;
        }
        if let Some(session) = &mut self.dtls {
            session.handle_timeout(now);
        }
        self.send_handshake()
    }

    fn send_handshake(&mut self) -> Result<(), ClientError> {
        let (Some(session), Some(path)) = (&mut self.dtls, self.path) else {
            return Ok(());
        };
        while let Some(datagram) = session.poll_transmit() {
            self.socket.send_to(&datagram, path)?;
        }
        Ok(())
    }
}

fn room_for(packet: &[u8]) -> Result<[u8; DATAGRAM], ClientError> {
    if packet.len() + MAX_OVERHEAD > DATAGRAM {
        return Err(ClientError::Packet);
    }
    let mut bytes = [0; DATAGRAM];
    bytes[..packet.len()].copy_from_slice(packet);
    Ok(bytes)
}

fn is_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}
