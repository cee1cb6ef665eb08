//! Which participant a datagram belongs to: by ICE fragment for connectivity
//! checks, by learnt address for everything else.

use std::net::SocketAddr;

use ahash::AHashMap;

/// Routes of a worker. Seats are named by their place in the worker's slab.
#[derive(Default)]
pub(super) struct Routes {
    ufrags: AHashMap<String, usize>,
    addresses: AHashMap<SocketAddr, usize>,
}

impl Routes {
    pub(super) fn by_ufrag(&self, ufrag: &str) -> Option<usize> {
        self.ufrags.get(ufrag).copied()
    }

    pub(super) fn by_address(&self, address: SocketAddr) -> Option<usize> {
        self.addresses.get(&address).copied()
    }

    pub(super) fn add_ufrag(&mut self, ufrag: &str, seat: usize) {
        self.ufrags.insert(ufrag.to_owned(), seat);
    }

    pub(super) fn remove_ufrag(&mut self, ufrag: &str) {
        self.ufrags.remove(ufrag);
    }

    /// Takes an address over; returns the other seat that had it, if one did.
    pub(super) fn add_address(&mut self, address: SocketAddr, seat: usize) -> Option<usize> {
        let before = self.addresses.insert(address, seat);
        before.filter(|other| *other != seat)
    }

    /// Removes an address if it still leads to this seat.
    pub(super) fn remove_address(&mut self, address: SocketAddr, seat: usize) {
        if self.by_address(address) == Some(seat) {
            self.addresses.remove(&address);
        }
    }

    /// How many addresses lead somewhere.
    pub(super) fn addresses(&self) -> usize {
        self.addresses.len()
    }
}
