//! Owns receivers that only count: sockets of their own, drained by a thread
//! on the load's core.
//!
//! They are plain sockets without receive offload, like a browser's, so the
//! kernel cuts segmented datagrams up on the sender's core, as a network card
//! without offload makes it do.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::Result;
use socket2::SockRef;

use crate::cpu;

/// What a receiver's socket may hold; as much as a browser asks for.
pub const RECEIVE_BUFFER: usize = 1 << 20;

/// Most datagrams that are taken from one socket before the next has its turn.
const TURN: usize = 64;

/// Receivers and the thread that drains them until they are dropped.
#[derive(Debug)]
pub struct Sinks {
    addresses: Vec<SocketAddr>,
    received: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Sinks {
    /// Opens `count` sockets on loopback.
    ///
    /// # Errors
    /// When a socket cannot be opened.
    pub fn open(count: usize) -> Result<Self> {
        let sockets = (0..count).map(|_| socket()).collect::<Result<Vec<_>>>()?;
        let addresses = sockets
            .iter()
            .map(UdpSocket::local_addr)
            .collect::<Result<_, _>>()?;
        let received = Arc::new(AtomicU64::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let (counter, stopped) = (received.clone(), stop.clone());
        let thread = std::thread::Builder::new()
            .name("sinks".to_owned())
            .spawn(move || drain(&sockets, &counter, &stopped))?;
        Ok(Self {
            addresses,
            received,
            stop,
            thread: Some(thread),
        })
    }

    /// Where to send to.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Datagrams received so far.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

impl Drop for Sinks {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of the counting thread has been printed by itself.
            let _ = thread.join();
        }
    }
}

fn socket() -> Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_nonblocking(true)?;
    SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER)?;
    Ok(socket)
}

fn drain(sockets: &[UdpSocket], received: &AtomicU64, stop: &AtomicBool) {
    // Without a core of its own the count still holds, only the time does not.
    let _ = cpu::pin_current(cpu::load_core());
    // A short buffer: the kernel drops the rest of each datagram unread.
    let mut start = [0; 16];
    while !stop.load(Ordering::Relaxed) {
        let mut round = 0;
        for socket in sockets {
            let turn = (0..TURN).take_while(|_| socket.recv(&mut start).is_ok());
            round += turn.count() as u64;
        }
        received.fetch_add(round, Ordering::Relaxed);
        if round == 0 {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}
