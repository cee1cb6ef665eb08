//! Captures the page's own tab, and waits until its picture has the size that
//! was asked for: the browser's sharing bar moves everything while it comes.

use client::Listener;
use js_sys::{Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamTrack};

use super::{
    run::{Form, Input},
    said,
};

/// How often the size is looked at, in milliseconds.
const LOOK_MS: i32 = 50;
/// How long the size has to stay as it is, in milliseconds.
const STEADY_MS: f64 = 250.0;
/// After this it will not get right any more, in milliseconds.
const PATIENCE_MS: f64 = 5_000.0;

/// A captured tab; let go on drop.
pub(super) struct Capture {
    /// Picture and sound.
    pub(super) stream: MediaStream,
    _ended: Vec<Listener>,
}

impl Capture {
    /// Asks the browser for this tab with its sound.
    ///
    /// # Errors
    /// What the browser says.
    pub(super) async fn of_this_tab(
        form: Form,
        put: impl Fn(Input) + Clone + 'static,
    ) -> Result<Self, String> {
        let devices = window().navigator().media_devices();
        let devices = devices.map_err(|error| said(&error))?;
        let wishes: Object = wishes(form);
        let asked = devices.get_display_media_with_constraints(wishes.unchecked_ref());
        let stream = JsFuture::from(asked.map_err(|error| said(&error))?).await;
        let stream: MediaStream = stream.map_err(|error| said(&error))?.unchecked_into();
        if stream.get_audio_tracks().length() == 0 {
            return Err("the browser captures no sound".to_owned());
        }
        let tracks = stream.get_tracks().into_iter();
        let ended = tracks.map(|track| {
            let track: MediaStreamTrack = track.unchecked_into();
            let (put, kind) = (put.clone(), track.kind());
            Listener::new(&track, "ended", move |_| {
                put(Input::Failed(format!("the captured {kind} ended")));
            })
        });
        Ok(Self {
            _ended: ended.collect(),
            stream,
        })
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// The tab as it is heard and seen: nothing made better, nothing made silent.
fn wishes(form: Form) -> Object {
    let exactly = |most: u32| object(&[("ideal", most.into()), ("max", most.into())]);
    let video = object(&[
        ("displaySurface", "browser".into()),
        ("frameRate", exactly(form.frame_rate).into()),
        ("width", exactly(form.width).into()),
        ("height", exactly(form.height).into()),
    ]);
    let audio = object(&[
        ("echoCancellation", false.into()),
        ("noiseSuppression", false.into()),
        ("autoGainControl", false.into()),
        ("channelCount", 2.into()),
        ("suppressLocalAudioPlayback", false.into()),
    ]);
    object(&[
        ("preferCurrentTab", true.into()),
        ("selfBrowserSurface", "include".into()),
        ("surfaceSwitching", "exclude".into()),
        ("video", video.into()),
        ("audio", audio.into()),
    ])
}

pub(super) fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        // a fresh plain object takes any property
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}

/// Waits until the captured picture has its size and keeps it.
pub(super) async fn settle(stream: &MediaStream, form: Form) -> Result<Input, String> {
    let video = player(stream)?;
    let clock = || window().performance().map_or(0.0, |clock| clock.now());
    let (start, mut right_since) = (clock(), None);
    while clock() - start < PATIENCE_MS {
        sleep(LOOK_MS).await;
        let right = (video.video_width(), video.video_height()) == (form.width, form.height);
        right_since = right.then(|| right_since.unwrap_or_else(clock));
        if right_since.is_some_and(|since| clock() - since >= STEADY_MS) {
            video.set_src_object(None);
            return Ok(Input::Settled);
        }
    }
    video.set_src_object(None);
    let inner = |length: Result<JsValue, JsValue>| pixels(length.ok().and_then(|l| l.as_f64()));
    Ok(Input::Unsettled {
        inner_width: inner(window().inner_width()),
        inner_height: inner(window().inner_height()),
    })
}

/// Plays the picture where nobody sees it: a track tells no size of its own.
fn player(stream: &MediaStream) -> Result<HtmlVideoElement, String> {
    let video = document().create_element("video");
    let video: HtmlVideoElement = video.map_err(|error| said(&error))?.unchecked_into();
    video.set_muted(true);
    let picture = MediaStream::new_with_tracks(&stream.get_video_tracks());
    video.set_src_object(Some(&picture.map_err(|error| said(&error))?));
    // where it does not play, the size stays wrong
    drop(video.play());
    Ok(video)
}

async fn sleep(milliseconds: i32) {
    let waiting = Promise::new(&mut |resolve, _| {
        let set =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        set.expect("setTimeout takes any function");
    });
    // it is never rejected
    let _ = JsFuture::from(waiting).await;
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a page is between 0 and some thousand pixels large"
)]
fn pixels(length: Option<f64>) -> u32 {
    length.unwrap_or_default() as u32
}
