//! Measures loudness from a track's raw frames (`MediaStreamTrackProcessor`),
//! where the browser has them. Costs more than an `AnalyserNode` does, and
//! needs no permission to play.

use std::{cell::Cell, rc::Rc};

use js_sys::{Float32Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MediaStreamTrack;

use super::{inbox::Inbox, js, levels::loudness, listener::window};
use crate::session::Input;

const CLASS: &str = "MediaStreamTrackProcessor";
/// Frames come every 10 ms; so many make one measurement, about 15 a second.
const FRAMES: u32 = 7;

/// Measures until it is dropped.
pub(crate) struct FrameMeter {
    reader: JsValue,
    over: Rc<Cell<bool>>,
}

impl FrameMeter {
    pub(crate) fn is_supported() -> bool {
        js::has(&window(), CLASS)
    }

    pub(crate) fn new(track: &MediaStreamTrack, inbox: Inbox) -> Option<Self> {
        let class = js::get(&window(), CLASS).dyn_into::<Function>().ok()?;
        let init = js::object([("track", track.into())]);
        let processor = Reflect::construct(&class, &js_sys::Array::of1(&init)).ok()?;
        let reader = js::call(&js::get(&processor, "readable"), "getReader");
        let over = Rc::new(Cell::new(false));
        spawn_local(read(reader.clone(), Rc::clone(&over), inbox));
        Some(Self { reader, over })
    }
}

impl Drop for FrameMeter {
    fn drop(&mut self) {
        self.over.set(true);
        ignore(js::call(&self.reader, "cancel"));
    }
}

/// Whatever becomes of a promise is of no interest.
fn ignore(promise: JsValue) {
    if let Ok(promise) = promise.dyn_into::<Promise>() {
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}

async fn read(reader: JsValue, over: Rc<Cell<bool>>, inbox: Inbox) {
    let mut samples = Vec::new();
    let mut frames = 0;
    while !over.get() {
        let Ok(next) = js::call(&reader, "read").dyn_into::<Promise>() else {
            return;
        };
        let Ok(next) = JsFuture::from(next).await else {
            return;
        };
        let frame = js::get(&next, "value");
        if frame.is_undefined() {
            return;
        }
        frames += 1;
        if frames == FRAMES {
            frames = 0;
            copy(&frame, &mut samples);
            inbox.put(Input::Level(loudness(&samples)));
        }
        js::call(&frame, "close");
    }
}

/// The first channel of a frame.
fn copy(frame: &JsValue, samples: &mut Vec<f32>) {
    let count = js::get(frame, "numberOfFrames")
        .as_f64()
        .unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred samples"
    )]
    let array = Float32Array::new_with_length(count as u32);
    let options = js::object([("planeIndex", 0.into()), ("format", "f32-planar".into())]);
    let copied = js::get(frame, "copyTo")
        .dyn_ref::<Function>()
        .is_some_and(|copy| copy.call2(frame, &array, &options).is_ok());
    if copied {
        *samples = array.to_vec();
    }
}
