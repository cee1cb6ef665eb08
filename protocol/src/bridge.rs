//! What an embedding page and the frame say to each other.
//!
//! The names of methods, events and fields are those that integrators rely on
//! (`docs/contract.json`), and never change. Everything is JSON over a private
//! `MessagePort`; `docs/BRIDGE.md` tells how the port comes about.

mod events;
mod names;
mod values;

use serde::{Deserialize, Serialize};

pub use events::{
    BridgeEvent, BridgePerson, BridgeTrouble, LeftBy, LeftReason, LeftWord, NumberedEvent,
};
pub use names::{BridgeFault, BridgeMethod, CapabilityState};
pub use values::{
    BridgeCapability, BridgeDevice, BridgeDiagnosis, BridgeParticipant, BridgeState, BridgeValue,
};

use crate::{ErrorCode, RoomId, RoomKind};

/// Version of the bridge, told in both greetings.
pub const BRIDGE_VERSION: u32 = 1;

/// How many events a frame keeps for a page that was reloaded.
pub const BRIDGE_EVENTS_KEPT: usize = 1_000;

/// Why a call failed: a fault of the bridge, or the server's own code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum BridgeCode {
    /// Of the bridge.
    Bridge(BridgeFault),
    /// Of the server.
    Server(ErrorCode),
}

impl From<BridgeFault> for BridgeCode {
    fn from(fault: BridgeFault) -> Self {
        Self::Bridge(fault)
    }
}

impl From<ErrorCode> for BridgeCode {
    fn from(code: ErrorCode) -> Self {
        Self::Server(code)
    }
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct BridgeError {
    /// For programs.
    pub code: BridgeCode,
    /// For developers, in English.
    pub message: String,
}

impl BridgeError {
    /// A failure with words for developers.
    pub fn new(code: impl Into<BridgeCode>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }
}

/// The library's greeting: a window message that brings the port.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgeHello {
    /// [`BRIDGE_VERSION`] of the library.
    pub version: u32,
    /// The frame session that `resume_from` belongs to, when the library knows.
    #[serde(default)]
    pub session: Option<String>,
    /// The last event that was seen before the page was reloaded.
    #[serde(default)]
    pub resume_from: Option<u64>,
}

/// What the library sends over the port.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ToFrame {
    /// A method is called.
    Call {
        /// The answer bears it.
        id: u64,
        /// Which method.
        method: String,
        /// What the method takes.
        #[serde(default)]
        data: serde_json::Value,
        /// The page was clicked a moment ago, and calls again while the browser
        /// does not know of it here.
        #[serde(default)]
        click: bool,
    },
}

/// What the frame sends over the port. A result is a [`BridgeError`] or a value
/// by method, and an event comes with its number.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum FromFrame {
    /// The first message.
    Welcome(Box<BridgeWelcome>),
    /// Answers a call.
    Result {
        /// The call's.
        id: u64,
        /// What it gives.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<BridgeValue>,
        /// Why it failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<BridgeError>,
    },
    /// Something happened.
    Event(Box<NumberedEvent>),
    /// The last message: there is no meeting on the page any more.
    Gone,
}

/// The frame's first message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgeWelcome {
    /// [`BRIDGE_VERSION`] of the frame.
    pub version: u32,
    /// What may be called.
    pub methods: &'static [BridgeMethod],
    /// What is told.
    pub events: &'static [&'static str],
    /// A mark of this load of the frame: event numbers begin anew with it.
    pub session: String,
    /// The oldest event that is kept; a page that saw less has missed some.
    pub first_event: u64,
    /// The last event so far.
    pub last_event: u64,
    /// Which room.
    pub room: BridgeRoom,
    /// How everything is now; the same as the method `state` gives.
    pub state: BridgeState,
}

/// Which room a frame shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgeRoom {
    /// The room.
    pub room_id: RoomId,
    /// Which interface.
    pub kind: RoomKind,
}
