//! Datagrams on their way out: built in one arena, joined into messages, sent
//! at the end of a batch.
//!
//! Consecutive datagrams of one length to one destination become one message
//! that the kernel takes apart (GSO): its send path is by far the largest cost
//! of forwarding.

use std::io;

use super::socket::Socket;
use crate::ice::Path;

/// Bytes of the arena: small enough for the processor's cache, large enough
/// for several full messages.
const ARENA: usize = 256 << 10;

/// The longest datagram that is sent. Larger ones than 1,500 bytes pass no
/// network, but the loopback.
pub(super) const MAX_DATAGRAM: usize = 2_048;

/// The longest datagrams that are joined. The kernel refuses a message whose
/// datagrams exceed the interface's MTU, and the socket's driver then gives
/// joining up for good; so what could be too long for a tunnel goes alone.
const MAX_SEGMENT: usize = 1_350;

/// The most bytes of one message: what fits an IP packet.
const MAX_MESSAGE: usize = 65_000;

/// Datagrams of one length (the last may be shorter) to one destination.
struct Message {
    path: Path,
    start: usize,
    end: usize,
    /// Length of each datagram but the last.
    segment: usize,
    count: usize,
}

/// What was sent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sent {
    pub(super) packets: u64,
    pub(super) bytes: u64,
    pub(super) messages: u64,
    pub(super) dropped: u64,
}

/// The socket's sending side.
pub(super) struct Outgoing {
    pub(super) socket: Socket,
    arena: Vec<u8>,
    used: usize,
    messages: Vec<Message>,
    pub(super) sent: Sent,
}

impl Outgoing {
    pub(super) fn new(socket: Socket) -> Self {
        Self {
            socket,
            arena: vec![0; ARENA],
            used: 0,
            messages: Vec::with_capacity(ARENA / 64),
            sent: Sent::default(),
        }
    }

    /// Drops what was not sent.
    pub(super) fn discard(&mut self) {
        self.used = 0;
        self.messages.clear();
    }

    /// Room for one datagram of up to [`MAX_DATAGRAM`] bytes. Write it there,
    /// then [`Outgoing::commit`] it.
    pub(super) fn room(&mut self) -> &mut [u8] {
        if self.used + MAX_DATAGRAM > ARENA {
            self.flush();
        }
        &mut self.arena[self.used..self.used + MAX_DATAGRAM]
    }

    /// Queues the datagram that was written into [`Outgoing::room`].
    pub(super) fn commit(&mut self, path: Path, length: usize) {
        let start = self.used;
        self.used += length;
        let max_segments = self.socket.max_segments();
        if let Some(last) = self.messages.last_mut()
            && last.takes(path, length, max_segments)
        {
            last.end = self.used;
            last.count += 1;
            return;
        }
        self.messages.push(Message {
            path,
            start,
            end: self.used,
            segment: length,
            count: 1,
        });
    }

    /// Queues a datagram that exists elsewhere.
    pub(super) fn push(&mut self, path: Path, datagram: &[u8]) {
        if datagram.len() > MAX_DATAGRAM {
            self.sent.dropped += 1;
            return;
        }
        self.room()[..datagram.len()].copy_from_slice(datagram);
        self.commit(path, datagram.len());
    }

    /// Counts a datagram that could not be built.
    pub(super) fn drop_one(&mut self) {
        self.sent.dropped += 1;
    }

    /// Sends all that is queued. When the socket's buffer is full the rest is
    /// dropped, as a network would: waiting would make everybody late.
    pub(super) fn flush(&mut self) {
        for message in self.messages.drain(..) {
            let bytes = &self.arena[message.start..message.end];
            let segment = (message.count > 1).then_some(message.segment);
            let count = message.count as u64;
            match self.socket.send(message.path, bytes, segment) {
                Ok(()) => {
                    self.sent.packets += count;
                    self.sent.bytes += bytes.len() as u64;
                    self.sent.messages += 1;
                }
                Err(error) => {
                    self.sent.dropped += count;
                    if error.kind() != io::ErrorKind::WouldBlock {
                        tracing::debug!(%error, "Cannot send");
                    }
                }
            }
        }
        self.used = 0;
    }
}

impl Message {
    /// Whether a datagram may follow in this message.
    fn takes(&self, path: Path, length: usize, max_segments: usize) -> bool {
        let all_full = self.end - self.start == self.segment * self.count;
        self.path == path
            && length <= self.segment
            && self.segment <= MAX_SEGMENT
            && all_full
            && self.count < max_segments
            && self.end - self.start + length <= MAX_MESSAGE
    }
}

#[cfg(test)]
mod tests {
    use std::{net::UdpSocket, time::Duration};

    use super::*;

    fn pair() -> (Outgoing, UdpSocket, Path) {
        let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
        receiver
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let path = Path {
            remote: receiver.local_addr().unwrap(),
            local: None,
        };
        (Outgoing::new(socket), receiver, path)
    }

    fn lengths(receiver: &UdpSocket, count: usize) -> Vec<usize> {
        let mut buffer = [0; MAX_DATAGRAM];
        (0..count)
            .map(|_| receiver.recv(&mut buffer).unwrap())
            .collect()
    }

    #[test]
    fn a_run_of_equal_datagrams_and_a_shorter_one_are_one_message() {
        let (mut outgoing, receiver, path) = pair();
        let sent = [700, 700, 700, 300, 300, 900];
        for (place, length) in sent.into_iter().enumerate() {
            outgoing.push(path, &vec![place as u8; length]);
        }
        outgoing.flush();
        assert_eq!(lengths(&receiver, 6), sent);
        assert_eq!(outgoing.sent.packets, 6);
        // where the kernel cannot split, each datagram is a message
        if outgoing.socket.max_segments() > 1 {
            assert_eq!(outgoing.sent.messages, 3);
        }
    }

    #[test]
    fn another_destination_begins_another_message() {
        let (mut outgoing, first, path) = pair();
        let second = UdpSocket::bind("127.0.0.1:0").unwrap();
        let other = Path {
            remote: second.local_addr().unwrap(),
            local: None,
        };
        for path in [path, other, path] {
            outgoing.push(path, &[7; 100]);
        }
        outgoing.flush();
        assert_eq!(lengths(&first, 2), [100, 100]);
        assert_eq!(lengths(&second, 1), [100]);
        assert_eq!(outgoing.sent.messages, 3);
    }

    #[test]
    fn a_full_arena_is_sent_and_too_long_datagrams_are_dropped() {
        let (mut outgoing, receiver, path) = pair();
        for _ in 0..300 {
            outgoing.push(path, &[1; 1_200]);
            outgoing.push(path, &[1; MAX_DATAGRAM + 1]);
        }
        assert!(outgoing.sent.packets > 0, "the arena was full once");
        outgoing.flush();
        assert_eq!(outgoing.sent.packets + outgoing.sent.dropped, 600);
        assert!(outgoing.sent.dropped >= 300);
        assert_eq!(lengths(&receiver, 1), [1_200]);
    }
}
