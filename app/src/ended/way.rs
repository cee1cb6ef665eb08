//! Which way on there is from the end of a session, by its reason.

use client::model::EndReason;
use protocol::ErrorCode;

/// A way on, besides the start page, which is always one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Take the seat again.
    Rejoin,
    /// Take the seat back from the session that has it now.
    TakeBack,
    /// Try the same once more: it may be answered otherwise by now.
    TryAgain,
    /// Load the page anew.
    Reload,
    /// None: another link is needed, or it is over for all.
    Elsewhere,
}

impl Way {
    /// The way on after a session.
    pub(super) fn after(reason: &EndReason) -> Self {
        match reason {
            EndReason::Left => Self::Rejoin,
            EndReason::Replaced => Self::TakeBack,
            EndReason::Refused(error) => Self::from(error.code),
        }
    }
}

/// Whether joining again makes sense on this page.
#[cfg(any(test, target_arch = "wasm32"))]
pub(crate) fn may_come_back(reason: &EndReason) -> bool {
    matches!(
        Way::after(reason),
        Way::Rejoin | Way::TakeBack | Way::TryAgain
    )
}

impl From<ErrorCode> for Way {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Replaced => Self::TakeBack,
            ErrorCode::ProtocolVersion => Self::Reload,
            ErrorCode::TokenRequired
            | ErrorCode::TokenInvalid
            | ErrorCode::TokenExpired
            | ErrorCode::TokenRoom
            | ErrorCode::TokenUsedUp
            | ErrorCode::AccessDenied
            | ErrorCode::AccessTokenInvalid
            | ErrorCode::AccessIncomplete
            | ErrorCode::AccessRoomUnknown
            | ErrorCode::MeetingEnded => Self::Elsewhere,
            ErrorCode::TokenNotYetValid
            | ErrorCode::AccessLocked
            | ErrorCode::AccessUnreachable
            | ErrorCode::NotStarted
            | ErrorCode::RoomLocked
            | ErrorCode::PinRequired
            | ErrorCode::PinWrong
            | ErrorCode::PinLimited
            | ErrorCode::PeerIdTaken
            | ErrorCode::RoomFull
            | ErrorCode::Rejected
            | ErrorCode::Removed
            | ErrorCode::PeerClosed
            | ErrorCode::NotAdmitted
            | ErrorCode::Forbidden
            | ErrorCode::BroadcasterLimit => Self::TryAgain,
            ErrorCode::BadMessage
            | ErrorCode::UnknownMessage
            | ErrorCode::NotJoined
            | ErrorCode::AlreadyJoined
            | ErrorCode::SeatGone
            | ErrorCode::BadTicket
            | ErrorCode::BadOffer
            | ErrorCode::MediaUnavailable
            | ErrorCode::ChatText
            | ErrorCode::RateLimited
            | ErrorCode::NoSuchParticipant
            | ErrorCode::RecordingUnavailable
            | ErrorCode::SlowClient
            | ErrorCode::ServerShutdown
            | ErrorCode::Internal
            | ErrorCode::Unknown => Self::Rejoin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_will_never_work_offers_no_second_try() {
        for code in [ErrorCode::TokenExpired, ErrorCode::AccessDenied] {
            assert_eq!(Way::from(code), Way::Elsewhere);
        }
    }

    #[test]
    fn a_door_that_may_open_can_be_tried_again() {
        for code in [
            ErrorCode::RoomLocked,
            ErrorCode::RoomFull,
            ErrorCode::Rejected,
        ] {
            assert_eq!(Way::from(code), Way::TryAgain);
        }
    }
}
