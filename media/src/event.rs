//! What the media plane tells a room.

use protocol::{PeerId, Quality, SlotAssignment};

/// Something that the room should know or tell its participants.
///
/// The queue is bounded. While it is full the worker keeps the newest state of
/// each kind (per slot, per participant) and sends it once there is room, so
/// that nothing is lost but intermediate states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaEvent {
    /// Slots of one participant carry something else now. For that
    /// participant only.
    SlotsAssigned {
        /// Whose slots.
        peer: PeerId,
        /// The slots that changed.
        slots: Vec<SlotAssignment>,
    },
    /// Who speaks, loudest first; replaces the list before. For all.
    Speakers {
        /// The participants who speak.
        peers: Vec<PeerId>,
    },
    /// Connections whose quality changed. For all.
    Quality {
        /// The changes.
        changes: Vec<Quality>,
    },
    /// A participant's media connection came up or was lost.
    Connection {
        /// Whose connection.
        peer: PeerId,
        /// Whether media can flow.
        connected: bool,
    },
}
