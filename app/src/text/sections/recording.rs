//! Words for recordings: in the meeting, and on the page that plays them.

use protocol::NoRecording;

use crate::text::words::{Explanation, Template, section};

section! {
    /// The recording of a meeting.
    Recording {
        start: &'static str,
        stop: &'static str,
        badge: &'static str,
        starting: &'static str,
        begins: &'static str,
        ends: &'static str,
        processing: &'static str,
        processing_percent: Template,
        ready: Explanation,
        failed: Explanation,
        before: Explanation,
        start_title: &'static str,
        start_hint: &'static str,
        stop_title: &'static str,
        stop_hint: &'static str,
        off: Explanation,
        no_program: Explanation,
        busy: Explanation,
        disk_full: Explanation,
        unknown: Explanation,
    }
}

impl Recording {
    /// Why there is no recording, and the way out.
    pub(crate) fn why_not(&self, why: NoRecording) -> Explanation {
        match why {
            NoRecording::Off => self.off,
            NoRecording::NoBrowser | NoRecording::NoFfmpeg => self.no_program,
            NoRecording::Busy => self.busy,
            NoRecording::DiskFull => self.disk_full,
            NoRecording::Unknown => self.unknown,
        }
    }
}

section! {
    /// The page that plays a recording.
    Watch {
        title: &'static str,
        title_of: Template,
        live: Explanation,
        processing: Explanation,
        failed: Explanation,
        gone: Explanation,
        expired: Explanation,
        denied: Explanation,
        unreachable: Explanation,
        unplayable: Explanation,
        parts: &'static str,
        part: Template,
        download: &'static str,
        length: &'static str,
    }
}
