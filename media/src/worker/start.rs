//! Starting workers: sockets, addresses to announce, threads.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    thread::{self, JoinHandle},
    time::Instant,
};

use mio::{Interest, Poll, Waker};
use slab::Slab;

use super::{
    Counts, SOCKET, SWEEP, WAKER, Worker,
    clock::{Deadlines, LoadMeter},
    outgoing::Outgoing,
    routes::Routes,
    socket::Socket,
};
use crate::{
    MediaConfig, MediaError,
    command::{CommandInbox, CommandQueue},
    dtls::Identity,
};

/// Binds all sockets, then starts the threads.
pub(crate) fn start_all(
    config: &MediaConfig,
) -> Result<Vec<(CommandQueue, JoinHandle<()>)>, MediaError> {
    let identity =
        Identity::generate().map_err(|error| MediaError::Certificate(error.to_string()))?;
    let addresses = announced(config).map_err(MediaError::Start)?;
    let mut ready = Vec::new();
    for number in 0..count(config) {
        let socket = bind(config, number)?;
        let worker = Worker::prepare(number, socket, &identity, &addresses);
        ready.push(worker.map_err(MediaError::Start)?);
    }
    let spawn = |(worker, queue): (Worker, CommandQueue)| {
        let name = format!("media-{}", worker.number);
        let thread = thread::Builder::new().name(name);
        thread.spawn(move || worker.run()).map(|t| (queue, t))
    };
    let started: Result<Vec<_>, _> = ready.into_iter().map(spawn).collect();
    started.map_err(MediaError::Start)
}

fn count(config: &MediaConfig) -> usize {
    match config.workers {
        0 => thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    }
}

fn bind(config: &MediaConfig, number: usize) -> Result<Socket, MediaError> {
    let mut address = config.listen;
    if address.port() != 0 {
        let port = usize::from(address.port()) + number;
        let port = u16::try_from(port).map_err(|_| MediaError::Ports {
            port: config.listen.port(),
            workers: count(config),
        })?;
        address.set_port(port);
    }
    Socket::bind(address).map_err(|source| MediaError::Bind { address, source })
}

/// The addresses for candidates, best first: those that the operator named, or
/// the one that is listened on, or all of the machine, loopback last.
fn announced(config: &MediaConfig) -> io::Result<Vec<IpAddr>> {
    if !config.announce.is_empty() {
        return Ok(config.announce.clone());
    }
    let listen = config.listen.ip();
    if !listen.is_unspecified() {
        return Ok(vec![listen]);
    }
    let mut addresses: Vec<IpAddr> = if_addrs::get_if_addrs()?
        .into_iter()
        .map(|interface| interface.ip())
        .filter(|ip| listen.is_ipv6() || ip.is_ipv4())
        .filter(|ip| !is_link_local(ip))
        .collect();
    addresses.sort_by_key(|ip| (ip.is_loopback(), ip.is_ipv6()));
    addresses.dedup();
    Ok(addresses)
}

/// Where this machine finds a socket of its own.
fn own(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        // a socket for all addresses of IPv6 takes those of IPv4, too
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
}

/// Such an address means nothing without a zone, which candidates have not.
fn is_link_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

impl Worker {
    fn prepare(
        number: usize,
        mut socket: Socket,
        identity: &Identity,
        addresses: &[IpAddr],
    ) -> io::Result<(Self, CommandQueue)> {
        let poll = Poll::new()?;
        poll.registry()
            .register(&mut socket.io, SOCKET, Interest::READABLE)?;
        let (queue, inbox): (CommandQueue, CommandInbox) =
            CommandQueue::new(Waker::new(poll.registry(), WAKER)?);
        let now = Instant::now();
        let socket_address = socket.address();
        let port = socket_address.port();
        let candidates = addresses.iter().map(|ip| SocketAddr::new(*ip, port));
        let worker = Self {
            number,
            poll,
            inbox,
            outgoing: Outgoing::new(socket),
            identity: identity.clone(),
            candidates: candidates.collect(),
            own: own(socket_address),
            seats: Slab::new(),
            rooms: Slab::new(),
            room_keys: HashMap::new(),
            routes: Routes::default(),
            handshakes: Deadlines::default(),
            touched: Vec::new(),
            deadlines: Deadlines::default(),
            next_sweep: now + SWEEP,
            undelivered: Vec::new(),
            load: LoadMeter::new(now),
            counts: Counts::default(),
            stopping: false,
        };
        Ok((worker, queue))
    }
}
