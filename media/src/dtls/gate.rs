//! Keeps from the DTLS crate what no handshake needs.
//!
//! The crate joins the fragments of a message by recursion and keeps those that
//! it cannot join, so a peer who sends many small ones could exhaust the stack
//! of the thread, which ends the process, or its memory. Here they are counted
//! before the crate sees them.

use super::hello::{CONTENT_HANDSHAKE, HANDSHAKE_HEADER, be24, next_record};

/// The longest datagram that is let through. Those of a handshake fit a
/// network's packets.
const MAX_DATAGRAM: usize = 4_096;

/// The most fragments of one association. A handshake has about ten, and each
/// is repeated at most some ten times.
const MAX_FRAGMENTS: usize = 500;

/// Counts the fragments of one association.
#[derive(Debug, Default)]
pub(super) struct Gate {
    fragments: usize,
}

impl Gate {
    /// Whether a datagram may be given to the crate.
    pub(super) fn admits(&mut self, datagram: &[u8]) -> bool {
        if datagram.len() > MAX_DATAGRAM {
            return false;
        }
        let fragments = self.fragments + fragments(datagram);
        if fragments > MAX_FRAGMENTS {
            return false;
        }
        self.fragments = fragments;
        true
    }
}

/// The most handshake fragments that the crate can find in a datagram.
fn fragments(mut datagram: &[u8]) -> usize {
    let mut count = 0;
    while let Some((body, rest)) = next_record(datagram) {
        let is_plain = datagram[3..5] == [0, 0];
        if datagram[0] == CONTENT_HANDSHAKE {
            count += if is_plain {
                plain_fragments(body)
            } else {
                // encrypted: as many as would fit
                body.len() / HANDSHAKE_HEADER + 1
            };
        }
        datagram = rest;
    }
    count
}

/// Walks as the crate does: by the length of the message, not of the fragment.
fn plain_fragments(mut body: &[u8]) -> usize {
    let mut count = 0;
    while !body.is_empty() {
        count += 1;
        let length = body.get(1..4).map_or(0, be24);
        body = body.get(HANDSHAKE_HEADER + length..).unwrap_or_default();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{super::hello::RECORD_HEADER, *};

    /// A record of the first or a later epoch.
    fn record(epoch: u8, body: &[u8]) -> Vec<u8> {
        let mut record = vec![CONTENT_HANDSHAKE, 254, 253, 0, epoch, 0, 0, 0, 0, 0, 1];
        record.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        record.extend(body);
        assert_eq!(record.len(), RECORD_HEADER + body.len());
        record
    }

    #[test]
    fn messages_and_fragments_count_once_each() {
        let whole = [&[20, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 7, 7, 7][..]; 2].concat();
        let part = [&[11, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 9][..], &[7; 9]].concat();
        let datagram = [record(0, &whole), record(0, &part)].concat();
        assert_eq!(fragments(&datagram), 3);
    }

    #[test]
    fn what_cannot_be_read_counts_for_what_it_could_be() {
        assert_eq!(fragments(&record(1, &[0; 48])), 5);
    }

    #[test]
    fn a_long_datagram_is_refused() {
        assert!(!Gate::default().admits(&[0; MAX_DATAGRAM + 1]));
    }

    #[test]
    fn the_fragments_of_all_datagrams_count_together() {
        let mut gate = Gate::default();
        let hundred = record(0, &[0; 100 * HANDSHAKE_HEADER]);
        let admitted = (0..10).filter(|_| gate.admits(&hundred)).count();
        assert_eq!(admitted, 5);
        // what is no handshake goes on
        assert!(gate.admits(&[21, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9, 0, 1, 0]));
    }
}
