//! What a measurement and its load process say to each other: one JSON object
//! per line.

use serde::{Deserialize, Serialize};

/// Names a client of the load process; chosen by the measurement, from 0.
pub type Client = usize;

/// What the load process is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Make a client; answered by [`Report::Offer`].
    Connect {
        /// Its name.
        client: Client,
        /// What it does.
        role: Role,
    },
    /// The server's answer to the client's offer; answered by
    /// [`Report::Connected`].
    Answer {
        /// Whose.
        client: Client,
        /// The SDP.
        sdp: String,
    },
    /// All publishers start to send.
    Publish,
    /// Answered by [`Report::Counts`].
    Count,
}

/// What a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Sends `multiple` times 1.2 Mbit/s of video.
    Publisher {
        /// How many times.
        multiple: u64,
    },
    /// Receives one video and counts.
    Viewer {
        /// Whether it negotiates and gives transport-wide feedback.
        feedback: bool,
        /// Whether it decrypts and verifies what it counts.
        verify: bool,
    },
}

/// What the load process tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Report {
    /// A client's offer.
    Offer {
        /// Whose.
        client: Client,
        /// The SDP.
        sdp: String,
    },
    /// A client has its keys.
    Connected {
        /// Which.
        client: Client,
    },
    /// A client cannot go on.
    Failed {
        /// Which.
        client: Client,
        /// Why.
        reason: String,
    },
    /// The counters of all clients.
    Counts(Counts),
}

/// Sums over all clients since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Video packets that publishers sent.
    pub sent: u64,
    /// Video packets that viewers received.
    pub received: u64,
    /// Video packets that viewers should have received, by sequence numbers.
    pub expected: u64,
    /// Other RTP packets: retransmissions and probes.
    pub other: u64,
    /// Packets that verifying viewers found authentic.
    pub authentic: u64,
    /// Packets that verifying viewers could not decrypt.
    pub forged: u64,
    /// Feedback packets that viewers sent.
    pub feedback: u64,
    /// Viewers that have received a packet.
    pub watching: u64,
}

impl Counts {
    /// What was counted since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            sent: self.sent - before.sent,
            received: self.received - before.received,
            expected: self.expected - before.expected,
            other: self.other - before.other,
            authentic: self.authentic - before.authentic,
            forged: self.forged - before.forged,
            feedback: self.feedback - before.feedback,
            watching: self.watching,
        }
    }

    /// Share of the video packets that did not arrive.
    #[must_use]
    pub fn loss(self) -> f64 {
        let lost = self.expected.saturating_sub(self.received);
        lost as f64 / self.expected.max(1) as f64
    }
}
