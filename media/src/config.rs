//! Where media workers listen and which addresses they tell to browsers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Settings of a [`crate::MediaPlane`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaConfig {
    /// IP and first UDP port; worker `i` binds `port + i`. Port 0 lets the
    /// system choose a free port for each worker. An unspecified IPv6 address
    /// (`[::]`) takes IPv4 as well.
    pub listen: SocketAddr,
    /// The addresses that answers announce, for servers behind a one-to-one
    /// NAT. Empty: the listen address, or, when that is unspecified, all
    /// addresses of this machine's interfaces, loopback included.
    pub announce: Vec<IpAddr>,
    /// How many workers run, each with a thread and a port of its own. 0 means
    /// one per processor.
    pub workers: usize,
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
            announce: Vec::new(),
            workers: 1,
        }
    }
}
