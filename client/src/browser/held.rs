//! The open camera and microphone, and what belongs to them.

use protocol::Source;
use wasm_bindgen::JsCast;
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    capture::Captured, inbox::Inbox, js, levels::Meter, listener::Listener, streams::stream_of,
};
use crate::session::Input;

/// An open device that is watched.
struct Open {
    captured: Captured,
    _ended: Listener,
}

impl Open {
    fn new(source: Source, captured: Captured, inbox: &Inbox) -> Self {
        let inbox = inbox.clone();
        // comes when the device is unplugged or the permission withdrawn, not from `stop`
        let ended = Listener::new(captured.0.unchecked_ref(), "ended", move |_| {
            inbox.put(Input::InputEnded(source));
        });
        Self {
            captured,
            _ended: ended,
        }
    }
}

#[derive(Default)]
pub(crate) struct Held {
    camera: Option<Open>,
    microphone: Option<Open>,
    meter: Option<Meter>,
    /// Stays the same when the camera is switched, so that a `<video>` goes on.
    preview: Option<MediaStream>,
}

impl Held {
    /// Holds a device in place of the one before.
    pub(crate) fn hold(&mut self, source: Source, captured: Captured, inbox: &Inbox) {
        let track = &captured.0;
        if source == Source::Camera {
            js::set(track, "contentHint", "motion");
            self.show(track);
            self.camera = Some(Open::new(source, captured, inbox));
        } else {
            js::set(track, "contentHint", "speech");
            self.meter = Some(Meter::new(track, inbox));
            self.microphone = Some(Open::new(source, captured, inbox));
        }
    }

    pub(crate) fn close(&mut self, source: Source) {
        if source == Source::Camera {
            self.camera = None;
            self.preview = None;
        } else {
            self.meter = None;
            self.microphone = None;
        }
    }

    pub(crate) fn mute_microphone(&self, muted: bool) {
        if let Some(open) = &self.microphone {
            open.captured.0.set_enabled(!muted);
        }
    }

    pub(crate) fn track(&self, source: Source) -> Option<&MediaStreamTrack> {
        let open = match source {
            Source::Camera => &self.camera,
            Source::Microphone => &self.microphone,
            Source::Screen | Source::ScreenAudio => return None,
        };
        open.as_ref().map(|open| &open.captured.0)
    }

    pub(crate) fn preview(&self) -> Option<MediaStream> {
        self.preview.clone()
    }

    fn show(&mut self, track: &MediaStreamTrack) {
        let Some(stream) = &self.preview else {
            self.preview = stream_of(track);
            return;
        };
        if let Some(open) = &self.camera {
            stream.remove_track(&open.captured.0);
        }
        stream.add_track(track);
    }
}
