//! The screen share: asks the browser for it and notices its end.

use protocol::Source;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DisplayMediaStreamConstraints, MediaStream, MediaStreamTrack};

use super::{
    devices::failure_of,
    inbox::Inbox,
    js,
    listener::{Listener, report, window},
    streams::same_stream,
};
use crate::{model::DeviceFailure, session::Input};

/// A running share; its tracks are stopped on drop.
pub(crate) struct Screen {
    stream: MediaStream,
    video: MediaStreamTrack,
    audio: Option<MediaStreamTrack>,
    _ended: Listener,
}

impl Screen {
    /// What oneself sees of it.
    pub(crate) fn stream(&self) -> MediaStream {
        same_stream(&self.stream)
    }

    /// The track of a source.
    pub(crate) fn track(&self, source: Source) -> Option<&MediaStreamTrack> {
        match source {
            Source::Screen => Some(&self.video),
            Source::ScreenAudio => self.audio.as_ref(),
            Source::Microphone | Source::Camera => None,
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.video.stop();
        if let Some(audio) = &self.audio {
            audio.stop();
        }
    }
}

/// Whether the browser can share a screen at all; phones cannot.
pub(crate) fn can_share() -> bool {
    let devices = js::get(&window().navigator(), "mediaDevices");
    !devices.is_undefined() && js::has(&devices, "getDisplayMedia")
}

/// Asks what to share. Must be called in the course of a click.
///
/// # Errors
/// None is a participant who changed their mind.
pub(crate) async fn pick(inbox: Inbox) -> Result<Screen, Option<DeviceFailure>> {
    if !can_share() {
        return Err(Some(DeviceFailure::Unsupported));
    }
    let devices = window()
        .navigator()
        .media_devices()
        .map_err(|error| failed(&error))?;
    let asked = devices.get_display_media_with_constraints(&constraints());
    let stream = JsFuture::from(asked.map_err(|error| failed(&error))?)
        .await
        .map_err(|error| failed(&error))?;
    let stream: MediaStream = stream.unchecked_into();
    let first = |tracks: js_sys::Array| tracks.get(0).dyn_into::<MediaStreamTrack>().ok();
    let video =
        first(stream.get_video_tracks().unchecked_into()).ok_or(Some(DeviceFailure::Other))?;
    let audio = first(stream.get_audio_tracks().unchecked_into());
    js::set(&video, "contentHint", "detail");
    if let Some(audio) = &audio {
        js::set(audio, "contentHint", "music");
    }
    // the browser's own button, or the window that was shared is gone
    let ended = Listener::new(video.unchecked_ref(), "ended", move |_| {
        inbox.put(Input::ScreenEnded);
    });
    Ok(Screen {
        stream,
        video,
        audio,
        _ended: ended,
    })
}

fn constraints() -> DisplayMediaStreamConstraints {
    let video = js::object([
        ("width", js::object([("max", 3_840.into())]).into()),
        ("height", js::object([("max", 2_160.into())]).into()),
        (
            "frameRate",
            js::object([("ideal", 15.into()), ("max", 30.into())]).into(),
        ),
    ]);
    // a film's sound must not be treated like a voice
    let audio = js::object([
        ("echoCancellation", false.into()),
        ("noiseSuppression", false.into()),
        ("autoGainControl", false.into()),
        ("channelCount", js::object([("ideal", 2.into())]).into()),
    ]);
    let constraints = DisplayMediaStreamConstraints::new();
    constraints.set_video(&video);
    constraints.set_audio(&audio);
    js::set(&constraints, "systemAudio", "include");
    js::set(&constraints, "surfaceSwitching", "include");
    // one's own meeting in itself is a hall of mirrors
    js::set(&constraints, "selfBrowserSurface", "exclude");
    constraints
}

/// A refusal in the browser's dialogue is a change of mind; only what the
/// embedding page or the system forbids is a failure.
fn failed(error: &JsValue) -> Option<DeviceFailure> {
    match failure_of(error, "display-capture") {
        DeviceFailure::Denied => {
            let by_system = js::get(error, "message").as_string().unwrap_or_default();
            by_system
                .contains("system")
                .then_some(DeviceFailure::Denied)
        }
        _ if js::error_name(error) == "InvalidStateError" && !is_touched() => {
            Some(DeviceFailure::Untouched)
        }
        failure => {
            report("The screen cannot be shared", error);
            Some(failure)
        }
    }
}

/// Whether the browser counts this as the doing of the participant; one that
/// does not say is believed to.
fn is_touched() -> bool {
    let activation = js::get(&window().navigator(), "userActivation");
    activation.is_undefined() || js::get(&activation, "isActive").is_truthy()
}
