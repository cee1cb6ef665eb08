//! Events: what those are told who asked for more than joins and leaves.
//!
//! The body is that of the Standard Webhooks specification: `type`,
//! `timestamp` and `data` (<https://www.standardwebhooks.com/>).

use std::fmt;

use protocol::{PeerId, Recording, RecordingState, RoomId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{clock::UnixMillis, journal::Notice, token::Moment};

/// What an event tells.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
pub enum EventKind {
    /// The first participant of a room got a seat.
    #[serde(rename = "room.started")]
    RoomStarted,
    /// The last participant of a room left.
    #[serde(rename = "room.ended")]
    RoomEnded,
    /// Somebody got a seat: what `joinPeer` tells.
    #[serde(rename = "participant.joined")]
    ParticipantJoined,
    /// Somebody's seat is gone: what `closePeer` tells.
    #[serde(rename = "participant.left")]
    ParticipantLeft,
    /// Somebody waits to be let in.
    #[serde(rename = "participant.waiting")]
    ParticipantWaiting,
    /// Somebody raised their hand.
    #[serde(rename = "hand.raised")]
    HandRaised,
    /// A hand was lowered, by its owner or by a moderator.
    #[serde(rename = "hand.lowered")]
    HandLowered,
    /// Something was said in the chat.
    #[serde(rename = "chat.message")]
    ChatMessage,
    /// A recording runs.
    #[serde(rename = "recording.started")]
    RecordingStarted,
    /// A recording is over; its videos are being made.
    #[serde(rename = "recording.stopped")]
    RecordingStopped,
    /// The videos of a recording are being made; so much is done.
    #[serde(rename = "recording.processing")]
    RecordingProcessing,
    /// The videos of a recording are there.
    #[serde(rename = "recording.ready")]
    RecordingReady,
    /// Nothing of a recording can be used.
    #[serde(rename = "recording.failed")]
    RecordingFailed,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::RoomStarted,
        Self::RoomEnded,
        Self::ParticipantJoined,
        Self::ParticipantLeft,
        Self::ParticipantWaiting,
        Self::HandRaised,
        Self::HandLowered,
        Self::ChatMessage,
        Self::RecordingStarted,
        Self::RecordingStopped,
        Self::RecordingProcessing,
        Self::RecordingReady,
        Self::RecordingFailed,
    ];

    /// The name: `type` in the body.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RoomStarted => "room.started",
            Self::RoomEnded => "room.ended",
            Self::ParticipantJoined => "participant.joined",
            Self::ParticipantLeft => "participant.left",
            Self::ParticipantWaiting => "participant.waiting",
            Self::HandRaised => "hand.raised",
            Self::HandLowered => "hand.lowered",
            Self::ChatMessage => "chat.message",
            Self::RecordingStarted => "recording.started",
            Self::RecordingStopped => "recording.stopped",
            Self::RecordingProcessing => "recording.processing",
            Self::RecordingReady => "recording.ready",
            Self::RecordingFailed => "recording.failed",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    data: Value,
}

/// Somebody who joined or left.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person<'a> {
    pub(crate) room_id: &'a str,
    pub(crate) peer_id: &'a str,
    pub(crate) display_name: &'a str,
    pub(crate) role: &'a str,
    pub(crate) interface: &'a str,
}

impl Event {
    pub(crate) fn room(kind: EventKind, room: &RoomId) -> Self {
        let data = json!({ "roomId": room.as_str() });
        Self { kind, data }
    }

    pub(crate) fn person(kind: EventKind, person: Person<'_>) -> Self {
        let data = serde_json::to_value(person).expect("five texts are plain JSON");
        Self { kind, data }
    }

    /// What a notice is besides a visit, if it is anything.
    pub(crate) fn of(room: &RoomId, notice: &Notice) -> Option<Self> {
        let room_id = room.as_str();
        let (kind, data) = match notice {
            Notice::Joined(_) | Notice::Closed(_) => return None,
            Notice::Waiting(waiting) => (
                EventKind::ParticipantWaiting,
                json!({
                    "roomId": room_id,
                    "peerId": waiting.id.as_str(),
                    "displayName": waiting.display_name.as_str(),
                    "since": moment(waiting.since),
                    "removedBefore": waiting.removed_before,
                }),
            ),
            Notice::Hand(hand) => {
                let kind = match hand.raised_at {
                    Some(_) => EventKind::HandRaised,
                    None => EventKind::HandLowered,
                };
                let name = hand.display_name.as_str();
                (kind, speaker(room_id, Some(&hand.peer), name))
            }
            Notice::Chat(message) => {
                let name = message.display_name.as_str();
                let mut data = speaker(room_id, message.from.as_ref(), name);
                data["messageId"] = message.id.into();
                data["text"] = message.text.as_str().into();
                data["sentAt"] = moment(message.sent_at);
                (EventKind::ChatMessage, data)
            }
            Notice::Recording(recording) => (recorded(recording)?, about(room_id, recording)),
        };
        Some(Self { kind, data })
    }

    /// The body of the message.
    pub(crate) fn body(&self, at: UnixMillis) -> String {
        let body = Body {
            kind: self.kind,
            timestamp: Moment(at),
            data: &self.data,
        };
        serde_json::to_string(&body).expect("names, texts and numbers are plain JSON")
    }
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: Moment,
    data: &'a Value,
}

fn moment(millis: u64) -> Value {
    json!(Moment(UnixMillis::new(millis)))
}

/// Who is nobody of the room is the integrator.
fn speaker(room: &str, peer: Option<&PeerId>, name: &str) -> Value {
    json!({ "roomId": room, "peerId": peer.map(PeerId::as_str), "displayName": name })
}

fn about(room: &str, recording: &Recording) -> Value {
    let since = moment(recording.since);
    let mut data = json!({ "roomId": room, "recordingId": recording.id, "since": since });
    if let Some(progress) = recording.progress {
        data["progress"] = progress.into();
    }
    data
}

fn recorded(recording: &Recording) -> Option<EventKind> {
    match recording.state {
        RecordingState::Recording => Some(EventKind::RecordingStarted),
        RecordingState::Processing if recording.progress.is_some() => {
            Some(EventKind::RecordingProcessing)
        }
        RecordingState::Processing => Some(EventKind::RecordingStopped),
        RecordingState::Ready => Some(EventKind::RecordingReady),
        RecordingState::Failed => Some(EventKind::RecordingFailed),
        RecordingState::Starting | RecordingState::Unknown => None,
    }
}
