//! A worker's UDP socket: bound, with generous buffers, read and written in
//! batches (GRO and GSO where the kernel has them).

use std::{
    io::{self, IoSliceMut},
    net::SocketAddr,
};

use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSocketState};
use socket2::{Domain, Protocol, Socket as RawSocket, Type};

use crate::ice::Path;

/// Kernel buffers that are asked for, in bytes: at 250,000 packets of 1,200
/// bytes a second, some 25 ms. The system may grant less (`net.core.rmem_max`
/// and `wmem_max` on Linux).
const KERNEL_BUFFER: usize = 8 << 20;

/// Room for one message of the kernel, which with GRO may hold 64 datagrams.
const MESSAGE: usize = 65_536;

/// A bound socket.
pub(super) struct Socket {
    pub(super) io: UdpSocket,
    state: UdpSocketState,
    address: SocketAddr,
}

impl Socket {
    /// Binds; `[::]` takes IPv4 as well.
    pub(super) fn bind(address: SocketAddr) -> io::Result<Self> {
        let raw = RawSocket::new(
            Domain::for_address(address),
            Type::DGRAM,
            Some(Protocol::UDP),
        )?;
        if address.is_ipv6() {
            raw.set_only_v6(!address.ip().is_unspecified())?;
        }
        // less than asked for is not an error; the kernel caps silently
        raw.set_recv_buffer_size(KERNEL_BUFFER)?;
        raw.set_send_buffer_size(KERNEL_BUFFER)?;
        raw.set_nonblocking(true)?;
        raw.bind(&address.into())?;
        let io = UdpSocket::from_std(raw.into());
        let state = UdpSocketState::new((&io).into())?;
        let address = io.local_addr()?;
        tracing::info!(
            port = address.port(),
            receive_buffer = state.recv_buffer_size((&io).into()).unwrap_or(0),
            send_buffer = state.send_buffer_size((&io).into()).unwrap_or(0),
            segments = state.max_gso_segments(),
            "Media socket is open"
        );
        Ok(Self { io, state, address })
    }

    /// The bound address.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many datagrams of one length one message may hold.
    pub(super) fn max_segments(&self) -> usize {
        self.state.max_gso_segments()
    }

    /// Sends one message of one or more datagrams.
    pub(super) fn send(
        &self,
        path: Path,
        contents: &[u8],
        segment: Option<usize>,
    ) -> io::Result<()> {
        let transmit = Transmit {
            destination: path.remote,
            ecn: None,
            contents,
            segment_size: segment,
            src_ip: path.local,
        };
        self.io
            .try_io(|| self.state.try_send((&self.io).into(), &transmit))
    }

    /// Fills the batch; `WouldBlock` when nothing has come.
    pub(super) fn receive(&self, batch: &mut Batch) -> io::Result<()> {
        batch.count = 0;
        let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
            std::array::from_fn(|_| IoSliceMut::new(&mut []));
        for (slice, buffer) in slices.iter_mut().zip(batch.bytes.chunks_exact_mut(MESSAGE)) {
            *slice = IoSliceMut::new(buffer);
        }
        batch.count = self.io.try_io(|| {
            self.state
                .recv((&self.io).into(), &mut slices, &mut batch.meta)
        })?;
        Ok(())
    }

    /// Whether datagrams may come to more than one address of ours; answers
    /// then leave from the one that was asked.
    pub(super) fn has_several_addresses(&self) -> bool {
        self.address.ip().is_unspecified()
    }
}

/// What one system call received.
pub(super) struct Batch {
    bytes: Vec<u8>,
    meta: [RecvMeta; BATCH_SIZE],
    count: usize,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; MESSAGE * BATCH_SIZE],
            meta: [RecvMeta::default(); BATCH_SIZE],
            count: 0,
        }
    }

    /// Each datagram with the path that it came over. `several`: see
    /// [`Socket::has_several_addresses`].
    pub(super) fn for_each(&mut self, several: bool, mut take: impl FnMut(&mut [u8], Path)) {
        let messages = self.bytes.chunks_exact_mut(MESSAGE).zip(&self.meta);
        for (buffer, meta) in messages.take(self.count) {
            let path = Path {
                remote: meta.addr,
                local: meta.dst_ip.filter(|_| several),
            };
            let bytes = &mut buffer[..meta.len.min(MESSAGE)];
            for datagram in bytes.chunks_mut(meta.stride.max(1)) {
                take(datagram, path);
            }
        }
    }
}
