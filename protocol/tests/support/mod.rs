//! The examples in `golden/`, and lists that the compiler keeps complete.

#![allow(dead_code, reason = "each test binary uses a part of what they share")]

use std::{fs, path::PathBuf};

use protocol::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// One example of the wire.
pub(crate) struct Example {
    /// The file's name without extension: `client-join`.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Example {
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|why| panic!("{}: {why}", self.name))
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text).unwrap_or_else(|why| panic!("{}: {why}", self.name))
    }
}

/// All examples, or those whose name begins so.
pub(crate) fn examples(prefix: &str) -> Vec<Example> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut all: Vec<Example> = fs::read_dir(folder)
        .expect("the folder of examples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| Example {
            name: path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
            text: fs::read_to_string(&path).expect("an example"),
        })
        .filter(|example| example.name.starts_with(prefix))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!all.is_empty(), "no example begins with {prefix}");
    all
}

/// The names of an enum's variants as serde knows them: it lists them when it
/// refuses one. So a new message cannot be forgotten here.
pub(crate) fn variants<T: DeserializeOwned>(tag: &str) -> Vec<String> {
    let refusal = match serde_json::from_value::<T>(json!({ tag: "no such variant" })) {
        Ok(_) => panic!("an unknown variant was taken"),
        Err(refusal) => refusal.to_string(),
    };
    let (_, list) = refusal.split_once("expected ").expect("a list of variants");
    list.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// All error codes. A new one does not compile before it has its place here.
pub(crate) fn error_codes() -> Vec<ErrorCode> {
    use ErrorCode as E;
    let next = |code: &ErrorCode| match code {
        E::BadMessage => Some(E::UnknownMessage),
        E::UnknownMessage => Some(E::NotJoined),
        E::NotJoined => Some(E::AlreadyJoined),
        E::AlreadyJoined => Some(E::ProtocolVersion),
        E::ProtocolVersion => Some(E::SeatGone),
        E::SeatGone => Some(E::BadTicket),
        E::BadTicket => Some(E::BadOffer),
        E::BadOffer => Some(E::MediaUnavailable),
        E::MediaUnavailable => Some(E::ChatText),
        E::ChatText => Some(E::RateLimited),
        E::RateLimited => Some(E::TokenRequired),
        E::TokenRequired => Some(E::TokenInvalid),
        E::TokenInvalid => Some(E::TokenExpired),
        E::TokenExpired => Some(E::TokenNotYetValid),
        E::TokenNotYetValid => Some(E::TokenRoom),
        E::TokenRoom => Some(E::TokenUsedUp),
        E::TokenUsedUp => Some(E::AccessDenied),
        E::AccessDenied => Some(E::AccessTokenInvalid),
        E::AccessTokenInvalid => Some(E::AccessIncomplete),
        E::AccessIncomplete => Some(E::AccessRoomUnknown),
        E::AccessRoomUnknown => Some(E::AccessLocked),
        E::AccessLocked => Some(E::AccessUnreachable),
        E::AccessUnreachable => Some(E::NotStarted),
        E::NotStarted => Some(E::RoomLocked),
        E::RoomLocked => Some(E::PinRequired),
        E::PinRequired => Some(E::PinWrong),
        E::PinWrong => Some(E::PinLimited),
        E::PinLimited => Some(E::PeerIdTaken),
        E::PeerIdTaken => Some(E::RoomFull),
        E::RoomFull => Some(E::Rejected),
        E::Rejected => Some(E::Removed),
        E::Removed => Some(E::PeerClosed),
        E::PeerClosed => Some(E::MeetingEnded),
        E::MeetingEnded => Some(E::NotAdmitted),
        E::NotAdmitted => Some(E::Forbidden),
        E::Forbidden => Some(E::BroadcasterLimit),
        E::BroadcasterLimit => Some(E::NoSuchParticipant),
        E::NoSuchParticipant => Some(E::RecordingUnavailable),
        E::RecordingUnavailable => Some(E::Replaced),
        E::Replaced => Some(E::SlowClient),
        E::SlowClient => Some(E::ServerShutdown),
        E::ServerShutdown => Some(E::Internal),
        E::Internal => Some(E::Unknown),
        E::Unknown => None,
    };
    std::iter::successors(Some(E::BadMessage), next).collect()
}

/// An error code as it stands on the wire.
pub(crate) fn wire_name(code: ErrorCode) -> String {
    let value = serde_json::to_value(code).expect("a code has a name");
    value.as_str().expect("the name is text").to_owned()
}
