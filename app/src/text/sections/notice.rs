//! Words for what is told once.

use protocol::{ErrorCode, OffReason, Role, Source};

use crate::text::words::{Explanation, Template, section};

section! {
    /// Things to tell once.
    Notice {
        dismiss: &'static str,
        joined: Template,
        left: Template,
        share_started: Template,
        reconnected: &'static str,
        microphone_replaced: Template,
        camera_replaced: Template,
        microphone_lost: &'static str,
        camera_lost: &'static str,
        microphone_off: &'static str,
        camera_off: &'static str,
        screen_off: &'static str,
        all_off: &'static str,
        microphone_off_by: Template,
        camera_off_by: Template,
        screen_off_by: Template,
        all_off_by: Template,
        off_by_moderator: &'static str,
        off_forbidden: &'static str,
        off_stage: &'static str,
        limit: &'static str,
        forbidden: Explanation,
        gone: &'static str,
        full: &'static str,
        too_fast: &'static str,
        failed: &'static str,
        now_moderator: Explanation,
        now_participant: Explanation,
        now_viewer: Explanation,
        now_interpreter: Explanation,
        hand_raised: Template,
        waits: Template,
    }
}

impl Notice {
    /// That one's own sources were switched off; by whom, if a moderator did.
    pub(crate) fn turned_off(&self, sources: &[Source], by: Option<&str>) -> String {
        // a share goes together with its sound
        let mut seen = sources
            .iter()
            .filter(|source| **source != Source::ScreenAudio);
        let (says, says_by) = match (seen.next(), seen.next()) {
            (Some(Source::Microphone), None) => (self.microphone_off, &self.microphone_off_by),
            (Some(Source::Camera), None) => (self.camera_off, &self.camera_off_by),
            (Some(_), Some(_)) => (self.all_off, &self.all_off_by),
            (Some(_) | None, None) | (None, Some(_)) => (self.screen_off, &self.screen_off_by),
        };
        by.map_or_else(|| says.to_owned(), |name| says_by.with(name))
    }

    /// Why sources were switched off, or what to do about it.
    pub(crate) fn off_reason(&self, reason: OffReason) -> Option<&'static str> {
        match reason {
            OffReason::Moderator => Some(self.off_by_moderator),
            OffReason::Forbidden => Some(self.off_forbidden),
            OffReason::BroadcasterLimit => Some(self.limit),
            OffReason::OffStage => Some(self.off_stage),
            OffReason::Unknown => None,
        }
    }

    /// That something was refused: what, and a hint if there is one.
    pub(crate) fn refused(&self, code: ErrorCode) -> (&'static str, Option<&'static str>) {
        match code {
            ErrorCode::Forbidden | ErrorCode::NotAdmitted => {
                (self.forbidden.title, Some(self.forbidden.hint))
            }
            ErrorCode::BroadcasterLimit => (self.limit, None),
            ErrorCode::NoSuchParticipant => (self.gone, None),
            ErrorCode::RoomFull => (self.full, None),
            ErrorCode::RateLimited => (self.too_fast, None),
            _ => (self.failed, None),
        }
    }

    /// What one is from now on.
    pub(crate) fn role(&self, role: Role) -> Explanation {
        match role {
            Role::Moderator => self.now_moderator,
            Role::Participant => self.now_participant,
            Role::Viewer => self.now_viewer,
            Role::Interpreter => self.now_interpreter,
        }
    }
}
