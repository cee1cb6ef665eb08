//! What had failed before a call, and what has since.

use client::model::{DeviceFailure, Model, NoticeId, NoticeKind};
use protocol::{ErrorCode, OffReason, Source};

use super::input;

/// How often things had failed before: what comes later is of the call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::bridge) struct Since {
    notice: NoticeId,
    refusals: u32,
    camera: u32,
    microphone: u32,
    pub(super) share: u32,
}

impl Since {
    /// As it is now.
    pub(in crate::bridge) fn now(model: &Model) -> Self {
        let notices = model.notices.iter().map(|notice| notice.id);
        let devices = &model.devices;
        Self {
            notice: notices.max().unwrap_or(0),
            refusals: model.refusals.count(),
            camera: devices.camera.failures.count,
            microphone: devices.microphone.failures.count,
            share: devices.share_failures.count,
        }
    }

    /// Why another device of this kind could not be had.
    pub(super) fn failure(self, model: &Model, source: Source) -> Option<DeviceFailure> {
        let count = match source {
            Source::Camera => self.camera,
            _ => self.microphone,
        };
        input(model, source).failures.since(count)
    }

    /// What the server, or a right, refused.
    pub(super) fn refusal(self, model: &Model, source: Option<Source>) -> Option<ErrorCode> {
        let mut newest = model.refusals.since(self.refusals).rev();
        newest.find_map(|one| (one.source == source).then_some(one.code))
    }

    /// Why somebody else switched it off.
    pub(super) fn turned_off(self, model: &Model, source: Source) -> Option<ErrorCode> {
        let mut newest = model.notices.iter().rev();
        newest.find_map(|notice| match &notice.kind {
            NoticeKind::TurnedOff(sources, reason, _)
                if notice.id > self.notice && sources.contains(&source) =>
            {
                Some(match reason {
                    OffReason::BroadcasterLimit => ErrorCode::BroadcasterLimit,
                    _ => ErrorCode::Forbidden,
                })
            }
            _ => None,
        })
    }
}
