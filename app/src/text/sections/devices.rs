//! Words about cameras, microphones, speakers and screens.

use client::model::DeviceFailure;

use crate::text::words::{Explanation, Template, section};

/// Which device an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Camera,
    Microphone,
    Both,
}

section! {
    /// Cameras, microphones, speakers.
    Devices {
        camera: &'static str,
        microphone: &'static str,
        speaker: &'static str,
        unnamed: Template,
        none: &'static str,
        system_default: &'static str,
        level: &'static str,
        microphone_on: &'static str,
        microphone_off: &'static str,
        camera_on: &'static str,
        camera_off: &'static str,
        failures: Failures,
        share_failures: ShareFailures,
        try_again: &'static str,
        copy_line: &'static str,
    }
}

section! {
    /// Why a device does not work.
    Failures {
        denied: Failure,
        blocked_by_embedder: Failure,
        not_found: Failure,
        in_use: Failure,
        insecure_context: Failure,
        unsupported: Failure,
        other: Failure,
    }
}

section! {
    /// One reason: a title for each case, and what to do about it.
    Failure {
        both: &'static str,
        camera: &'static str,
        microphone: &'static str,
        hint: &'static str,
    }
}

section! {
    /// Why a screen is not shared.
    ShareFailures {
        title: &'static str,
        denied: &'static str,
        blocked_by_embedder: &'static str,
        insecure_context: &'static str,
        unsupported: &'static str,
        other: &'static str,
    }
}

impl Devices {
    /// Why a device does not work, and what helps.
    pub(crate) fn failure(&self, which: Which, failure: DeviceFailure) -> Explanation {
        let words = match failure {
            DeviceFailure::Denied => &self.failures.denied,
            DeviceFailure::BlockedByEmbedder => &self.failures.blocked_by_embedder,
            DeviceFailure::NotFound => &self.failures.not_found,
            DeviceFailure::InUse => &self.failures.in_use,
            DeviceFailure::InsecureContext => &self.failures.insecure_context,
            DeviceFailure::Unsupported => &self.failures.unsupported,
            DeviceFailure::Untouched | DeviceFailure::Other => &self.failures.other,
        };
        Explanation {
            title: match which {
                Which::Both => words.both,
                Which::Camera => words.camera,
                Which::Microphone => words.microphone,
            },
            hint: words.hint,
        }
    }

    /// Why a screen is not shared, and what helps.
    pub(crate) fn share_failure(&self, failure: DeviceFailure) -> Explanation {
        let words = &self.share_failures;
        Explanation {
            title: words.title,
            hint: match failure {
                DeviceFailure::Denied => words.denied,
                DeviceFailure::BlockedByEmbedder => words.blocked_by_embedder,
                DeviceFailure::InsecureContext => words.insecure_context,
                DeviceFailure::Unsupported => words.unsupported,
                DeviceFailure::NotFound
                | DeviceFailure::InUse
                | DeviceFailure::Untouched
                | DeviceFailure::Other => words.other,
            },
        }
    }

    /// A device that does not say its name.
    pub(crate) fn unnamed(&self, kind: &str, number: usize) -> String {
        self.unnamed
            .fill(&[("kind", kind), ("number", &number.to_string())])
    }
}
