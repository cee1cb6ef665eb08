//! The captured tab, which `tab.js` asked for, and the wait until its picture
//! has the size that it shall have: the browser's sharing bar moves everything
//! while it comes.

use client::Listener;
use js_sys::{Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamTrack, MediaTrackConstraints};

use super::{
    run::{Form, Input},
    said,
};

/// How often the size is looked at, in milliseconds.
const LOOK_MS: i32 = 50;
/// How long the page has to keep its size, in milliseconds.
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
    /// Takes this tab with its sound.
    ///
    /// # Errors
    /// What the browser says.
    pub(super) async fn of_this_tab(
        form: Form,
        put: impl Fn(Input) + Clone + 'static,
    ) -> Result<Self, String> {
        let asked = of_tab("asked").dyn_into::<Promise>();
        let asked = asked.map_err(|_| "nobody asked for this tab")?;
        let stream = JsFuture::from(asked).await.map_err(|error| said(&error))?;
        let stream: MediaStream = stream.unchecked_into();
        if stream.get_audio_tracks().length() == 0 {
            return Err("the browser captures no sound".to_owned());
        }
        for picture in stream.get_video_tracks() {
            let picture: MediaStreamTrack = picture.unchecked_into();
            let bound = picture.apply_constraints_with_constraints(&wishes(form));
            JsFuture::from(bound.map_err(|error| said(&error))?)
                .await
                .map_err(|error| said(&error))?;
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

/// What `tab.js` keeps of the tab.
fn of_tab(key: &str) -> JsValue {
    let of = |object: &JsValue, key: &str| Reflect::get(object, &key.into());
    // only what is no object has no properties
    of(&window(), "recorderTab")
        .and_then(|tab| of(&tab, key))
        .unwrap_or_default()
}

/// How large the picture shall be at most, and how often there is one.
fn wishes(form: Form) -> MediaTrackConstraints {
    let exactly = |most: u32| object(&[("ideal", most.into()), ("max", most.into())]).into();
    object(&[
        ("frameRate", exactly(form.frame_rate)),
        ("width", exactly(form.width)),
        ("height", exactly(form.height)),
    ])
    .unchecked_into()
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
    let start = clock();
    while clock() - start < PATIENCE_MS {
        let right = (video.video_width(), video.video_height()) == (form.width, form.height);
        let resized = of_tab("resized").as_f64().unwrap_or_default();
        if right && clock() - resized >= STEADY_MS {
            video.set_src_object(None);
            return Ok(Input::Settled);
        }
        sleep(LOOK_MS).await;
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
