//! Words for those who are out, or do not come in.

use client::model::EndReason;
use protocol::ErrorCode;

use crate::text::words::{Explanation, section};

section! {
    /// After the meeting, and instead of it.
    Ended {
        left: Explanation,
        replaced: Explanation,
        protocol_version: Explanation,
        slow_client: Explanation,
        server_shutdown: Explanation,
        media_unavailable: Explanation,
        rate_limited: Explanation,
        seat_gone: Explanation,
        token_required: Explanation,
        token_invalid: Explanation,
        token_expired: Explanation,
        token_not_yet_valid: Explanation,
        token_room: Explanation,
        token_used_up: Explanation,
        access_denied: Explanation,
        access_token_invalid: Explanation,
        access_incomplete: Explanation,
        access_room_unknown: Explanation,
        access_locked: Explanation,
        access_unreachable: Explanation,
        not_started: Explanation,
        room_locked: Explanation,
        pin_required: Explanation,
        pin_wrong: Explanation,
        pin_limited: Explanation,
        peer_id_taken: Explanation,
        room_full: Explanation,
        rejected: Explanation,
        removed: Explanation,
        peer_closed: Explanation,
        meeting_ended: Explanation,
        not_admitted: Explanation,
        forbidden: Explanation,
        broadcaster_limit: Explanation,
        other: Explanation,
        contact: &'static str,
        rejoin: &'static str,
        rejoining: &'static str,
        take_back: &'static str,
        try_again: &'static str,
        trying: &'static str,
        reload: &'static str,
    }
}

impl Ended {
    /// Why it is over, and what to do about it.
    pub(crate) fn explain(&self, reason: &EndReason) -> Explanation {
        match reason {
            EndReason::Left => self.left,
            EndReason::Replaced => self.replaced,
            EndReason::Refused(error) => self.refused(error.code),
        }
    }

    fn refused(&self, code: ErrorCode) -> Explanation {
        match code {
            ErrorCode::ProtocolVersion => self.protocol_version,
            ErrorCode::Replaced => self.replaced,
            ErrorCode::SlowClient => self.slow_client,
            ErrorCode::ServerShutdown => self.server_shutdown,
            ErrorCode::MediaUnavailable | ErrorCode::BadOffer => self.media_unavailable,
            ErrorCode::RateLimited => self.rate_limited,
            ErrorCode::SeatGone | ErrorCode::BadTicket | ErrorCode::NotJoined => self.seat_gone,
            ErrorCode::TokenRequired => self.token_required,
            ErrorCode::TokenInvalid => self.token_invalid,
            ErrorCode::TokenExpired => self.token_expired,
            ErrorCode::TokenNotYetValid => self.token_not_yet_valid,
            ErrorCode::TokenRoom => self.token_room,
            ErrorCode::TokenUsedUp => self.token_used_up,
            ErrorCode::AccessDenied => self.access_denied,
            ErrorCode::AccessTokenInvalid => self.access_token_invalid,
            ErrorCode::AccessIncomplete => self.access_incomplete,
            ErrorCode::AccessRoomUnknown => self.access_room_unknown,
            ErrorCode::AccessLocked => self.access_locked,
            ErrorCode::AccessUnreachable => self.access_unreachable,
            ErrorCode::NotStarted => self.not_started,
            ErrorCode::RoomLocked => self.room_locked,
            ErrorCode::PinRequired => self.pin_required,
            ErrorCode::PinWrong => self.pin_wrong,
            ErrorCode::PinLimited => self.pin_limited,
            ErrorCode::PeerIdTaken => self.peer_id_taken,
            ErrorCode::RoomFull => self.room_full,
            ErrorCode::Rejected => self.rejected,
            ErrorCode::Removed => self.removed,
            ErrorCode::PeerClosed => self.peer_closed,
            ErrorCode::MeetingEnded => self.meeting_ended,
            ErrorCode::NotAdmitted => self.not_admitted,
            ErrorCode::Forbidden => self.forbidden,
            ErrorCode::BroadcasterLimit => self.broadcaster_limit,
            ErrorCode::NoSuchParticipant
            | ErrorCode::RecordingUnavailable
            | ErrorCode::BadMessage
            | ErrorCode::UnknownMessage
            | ErrorCode::AlreadyJoined
            | ErrorCode::ChatText
            | ErrorCode::Internal
            | ErrorCode::Unknown => self.other,
        }
    }
}
