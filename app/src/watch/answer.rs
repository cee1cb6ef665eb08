//! What the server says about a video, and what that means for who wants to
//! see it: pure.

use protocol::{RecordingState, Video};
use serde_json::Value;

/// What there is to show.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// It can be watched.
    Ready(Box<Video>),
    /// The meeting goes on, and so does the recording.
    Live,
    /// It is being prepared: so many percent, as far as that is known.
    Processing(Option<u8>),
    /// Nothing of it can be used.
    Failed,
    /// There is none, or none any more.
    Gone,
    /// The link was good once.
    Expired,
    /// The link is no good.
    Denied,
    /// The server cannot be reached, or fails.
    Unreachable,
}

impl Answer {
    /// Makes sense of an answer.
    pub(super) fn of(status: u16, body: &str) -> Self {
        match status {
            200..300 => serde_json::from_str(body).map_or(Self::Unreachable, Self::of_video),
            404 | 410 => Self::Gone,
            401 | 403 if code(body).contains("expired") => Self::Expired,
            400 | 401 | 403 => Self::Denied,
            _ => Self::Unreachable,
        }
    }

    fn of_video(video: Video) -> Self {
        match video.state {
            RecordingState::Ready => Self::Ready(Box::new(video)),
            RecordingState::Starting | RecordingState::Recording => Self::Live,
            RecordingState::Processing | RecordingState::Unknown => {
                Self::Processing(video.progress)
            }
            RecordingState::Failed => Self::Failed,
        }
    }

    /// Whether it may be otherwise in a moment.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::Live | Self::Processing(_) | Self::Unreachable)
    }
}

/// The code of a problem (RFC 9457 with the project's `code`).
fn code(body: &str) -> String {
    let problem: Option<Value> = serde_json::from_str(body).ok();
    let code = problem.as_ref().and_then(|problem| problem.get("code"));
    code.and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(state: &str) -> String {
        format!(
            r#"{{"id":"vid_1","name":"team","room_id":"team","recording_id":"rec_1",
            "volume":1,"state":"{state}","created":7,"progress":40}}"#
        )
    }

    #[test]
    fn a_video_is_shown_by_its_state() {
        let of = |state| Answer::of(200, &video(state));
        assert!(matches!(of("ready"), Answer::Ready(video) if video.id == "vid_1"));
        assert_eq!(of("recording"), Answer::Live);
        assert_eq!(of("processing"), Answer::Processing(Some(40)));
        assert_eq!(of("failed"), Answer::Failed);
    }

    #[test]
    fn an_expired_link_is_told_from_a_wrong_one() {
        let body = r#"{"code":"link_expired","status":403}"#;
        assert_eq!(Answer::of(403, body), Answer::Expired);
        assert_eq!(Answer::of(403, r#"{"code":"forbidden"}"#), Answer::Denied);
        assert_eq!(Answer::of(401, ""), Answer::Denied);
    }

    #[test]
    fn what_is_not_there_is_gone_and_what_fails_is_asked_again() {
        assert_eq!(Answer::of(404, ""), Answer::Gone);
        assert_eq!(Answer::of(410, ""), Answer::Gone);
        assert!(Answer::of(503, "").is_passing());
        assert!(Answer::of(200, "<html>").is_passing());
        assert!(!Answer::of(404, "").is_passing());
    }
}
