//! Measures the floor: what forwarding cannot undercut on this machine.
//!
//! A packet to a subscriber must at least be copied, sealed with AES-128-GCM
//! under the subscriber's key and handed to the kernel. This does exactly
//! that, in runs of equal length to one address, as the media plane sends.

use std::{net::UdpSocket, time::Duration};

use anyhow::Result;
use quinn_udp::{Transmit, UdpSocketState};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::Serialize;
use socket2::SockRef;

use crate::{
    cpu, figures, output,
    sinks::Sinks,
    table::{Table, thousands},
    traffic::{HEADER, PACKET},
};

/// Bytes of AES-GCM's tag.
const TAG: usize = 16;
const SEALED: usize = PACKET + TAG;

/// The floor for one number of subscribers and one length of runs.
#[derive(Debug, Clone, Serialize)]
pub struct Floor {
    /// Addresses that are sent to.
    pub subscribers: usize,
    /// Packets per system call, all to one address.
    pub run: usize,
    /// Processor time per packet: nanoseconds.
    pub nanos: f64,
    /// Packets per second that one core can send.
    pub per_core: f64,
    /// Share of the packets that the receivers counted.
    pub delivered: f64,
}

/// Measures with several run lengths and prints the table.
///
/// # Errors
/// When sockets cannot be used, or the table not be written.
pub fn run(subscribers: &[usize], time: Duration) -> Result<()> {
    let mut table = Table::new(
        "Floor: copy + AES-128-GCM seal of 1 100 bytes + segmented send, one core",
        &[
            "subscribers",
            "run",
            "ns/packet",
            "packets/s/core",
            "delivered",
        ],
    );
    let mut floors = Vec::new();
    for &subscribers in subscribers {
        for run in [1, 4, 8, 16, 32] {
            let floor = measure(subscribers, run, time)?;
            table.row([
                floor.subscribers.to_string(),
                floor.run.to_string(),
                format!("{:.0}", floor.nanos),
                thousands(floor.per_core),
                format!("{:.1} %", floor.delivered * 100.0),
            ]);
            floors.push(floor);
        }
    }
    output::publish("floor", &table, &floors)
}

/// Sends for `time` in runs of `run` packets (1 to 58) to one address after another.
///
/// # Errors
/// When sockets cannot be used.
pub fn measure(subscribers: usize, run: usize, time: Duration) -> Result<Floor> {
    let sinks = Sinks::open(subscribers)?;
    let mut sender = Sender::new(subscribers, run)?;
    cpu::pin_current(cpu::SERVER_CORE)?;
    let start = cpu::own_time();
    let mut sent = 0;
    let spent = loop {
        for (subscriber, address) in sinks.addresses().iter().enumerate() {
            sent += sender.send(subscriber, *address)?;
        }
        let spent = cpu::own_time() - start;
        if spent >= time {
            break spent;
        }
    };
    cpu::unpin_current()?;
    // What is still in the sockets when the last packet was sent.
    std::thread::sleep(Duration::from_millis(50));
    Ok(Floor {
        subscribers,
        run,
        nanos: figures::nanos_each(spent, sent),
        per_core: figures::per_second(sent, spent),
        delivered: sinks.received() as f64 / sent as f64,
    })
}

struct Sender {
    socket: UdpSocket,
    state: UdpSocketState,
    keys: Vec<LessSafeKey>,
    plain: Vec<u8>,
    arena: Vec<u8>,
    sealed: u64,
}

impl Sender {
    fn new(subscribers: usize, run: usize) -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        let state = UdpSocketState::new((&socket).into())?;
        SockRef::from(&socket).set_send_buffer_size(4 << 20)?;
        Ok(Self {
            socket,
            state,
            keys: (0..subscribers).map(key).collect(),
            plain: vec![9; PACKET],
            arena: vec![0; SEALED * run],
            sealed: 0,
        })
    }

    /// Seals and sends one run; returns how many packets it had.
    fn send(&mut self, subscriber: usize, destination: std::net::SocketAddr) -> Result<u64> {
        let key = &self.keys[subscriber];
        let mut run = 0;
        for packet in self.arena.chunks_exact_mut(SEALED) {
            packet[..PACKET].copy_from_slice(&self.plain);
            seal(key, self.sealed, packet);
            self.sealed += 1;
            run += 1;
        }
        self.state.try_send(
            (&self.socket).into(),
            &Transmit {
                destination,
                ecn: None,
                contents: &self.arena,
                segment_size: Some(SEALED),
                src_ip: None,
            },
        )?;
        Ok(run)
    }
}

fn key(subscriber: usize) -> LessSafeKey {
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&subscriber.to_le_bytes());
    LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &bytes).expect("16 bytes are a key"))
}

fn seal(key: &LessSafeKey, index: u64, packet: &mut [u8]) {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&index.to_be_bytes());
    let (header, rest) = packet.split_at_mut(HEADER);
    let (payload, tag) = rest.split_at_mut(PACKET - HEADER);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let sealed = key
        .seal_in_place_separate_tag(nonce, Aad::from(header), payload)
        .expect("a packet is far shorter than the limit of AES-GCM");
    tag.copy_from_slice(sealed.as_ref());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packet_of_the_floor_arrives_when_there_is_no_hurry() {
        let sinks = Sinks::open(3).unwrap();
        let mut sender = Sender::new(3, 4).unwrap();
        let mut sent = 0;
        for (subscriber, address) in sinks.addresses().iter().enumerate() {
            sent += sender.send(subscriber, *address).unwrap();
        }
        while sinks.received() < sent {
            std::thread::yield_now();
        }
        assert_eq!(sent, 12);
    }
}
