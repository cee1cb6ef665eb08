//! One volume: a media recorder of the browser, and the bytes that it makes.

use client::Listener;
use js_sys::{Date, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobEvent, MediaRecorder, MediaRecorderOptions, MediaStream, RecordingState};

use super::{
    run::{Form, Input},
    said,
};

/// H.264 in its high profile and Opus in Matroska. In MP4 Chromium keeps all
/// pictures from one keyframe to the next, and a crash takes them. It makes this
/// of a tab without dropping pictures.
const MIME: &str = "video/x-matroska;codecs=avc1.64001F,opus";

/// A volume that records; ended on drop, without its last bytes.
pub(super) struct Volume {
    recorder: MediaRecorder,
    _listeners: [Listener; 4],
}

impl Volume {
    /// Starts a volume. Its bytes go to `send`, the rest is told by `put`.
    ///
    /// # Errors
    /// What the browser says.
    pub(super) fn start(
        number: u32,
        stream: &MediaStream,
        form: Form,
        put: impl Fn(Input) + Clone + 'static,
        send: impl Fn(u32, Blob) + 'static,
    ) -> Result<Self, String> {
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(stream, &options(form))
                .map_err(|error| said(&error))?;
        let listeners = listeners(number, &recorder, put, send);
        let slice = i32::try_from(form.slice_ms).unwrap_or(i32::MAX);
        recorder
            .start_with_time_slice(slice)
            .map_err(|error| said(&error))?;
        Ok(Self {
            recorder,
            _listeners: listeners,
        })
    }

    /// Ends it; its last bytes come before `Stopped`.
    pub(super) fn end(&self) {
        if self.recorder.state() != RecordingState::Inactive {
            // fails only for one that is inactive
            let _ = self.recorder.stop();
        }
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        self.end();
    }
}

fn options(form: Form) -> MediaRecorderOptions {
    let options = MediaRecorderOptions::new();
    options.set_mime_type(MIME);
    options.set_video_bits_per_second(form.video_bitrate);
    options.set_audio_bits_per_second(form.audio_bitrate);
    let key = JsValue::from_str("videoKeyFrameIntervalDuration");
    // a plain object takes any property
    let _ = Reflect::set(&options, &key, &form.keyframe_ms.into());
    options
}

fn listeners(
    volume: u32,
    recorder: &MediaRecorder,
    put: impl Fn(Input) + Clone + 'static,
    send: impl Fn(u32, Blob) + 'static,
) -> [Listener; 4] {
    let started = {
        let (put, recorder) = (put.clone(), recorder.clone());
        Listener::new(&recorder.clone(), "start", move |_| {
            put(Input::Started {
                volume,
                mime: recorder.mime_type(),
                at: now(),
            });
        })
    };
    let bytes = Listener::new(recorder, "dataavailable", move |event| {
        let bytes = event.unchecked_into::<BlobEvent>().data();
        if let Some(bytes) = bytes.filter(|bytes| bytes.size() > 0.0) {
            send(volume, bytes);
        }
    });
    let stopped = {
        let put = put.clone();
        Listener::new(recorder, "stop", move |_| put(Input::Stopped { volume }))
    };
    let failed = Listener::new(recorder, "error", move |event| {
        let error = Reflect::get(&event, &JsValue::from_str("error"));
        let reason = error.as_ref().map_or_else(|_| String::new(), said);
        put(Input::Failed(format!("volume {volume}: {reason}")));
    });
    [started, bytes, stopped, failed]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a clock before 1970 counts as 1970"
)]
fn now() -> u64 {
    Date::now() as u64
}
