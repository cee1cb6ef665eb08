//! How loud the microphone is, 15 times a second, muted or not.
//!
//! It listens to a copy of the track, for a muted track is silent. Chrome lets
//! an `AudioContext` run only after the page was touched and complains
//! otherwise; until then its raw frames are measured.

use std::{cell::RefCell, rc::Rc, time::Duration};

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AnalyserNode, AudioContext, AudioContextState, MediaStreamTrack};

use super::{
    frames::FrameMeter,
    inbox::Inbox,
    js,
    listener::{Interval, Listener, window},
    streams::{same_track, stream_of},
};
use crate::session::Input;

/// Fast enough to move with the voice.
const PERIOD: Duration = Duration::from_millis(66);
/// Samples that are looked at each time: 21 ms at 48 kHz.
const SAMPLES: usize = 1_024;
/// Quieter than this is silence, in decibels of full scale.
const FLOOR: f32 = -60.0;
/// As loud as a voice gets.
const CEILING: f32 = -12.0;

/// Measures a track until it is dropped.
pub(crate) struct Meter {
    copy: MediaStreamTrack,
    ear: Rc<RefCell<Option<Ear>>>,
    _touched: [Listener; 2],
}

/// A way to listen.
enum Ear {
    Context {
        context: AudioContext,
        _ticks: Interval,
    },
    Frames {
        _meter: FrameMeter,
    },
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Self::Context { context, .. } = self {
            // nobody waits for it to be over
            let _ = context.close();
        }
    }
}

impl Meter {
    pub(crate) fn new(track: &MediaStreamTrack, inbox: &Inbox) -> Self {
        // the browser's own `clone`: it hears what the sent track does not
        let copy: MediaStreamTrack = js::call(track, "clone").unchecked_into();
        copy.set_enabled(true);
        let ear = Rc::new(RefCell::new(listen(&copy, inbox)));
        let touched = ["pointerdown", "keydown"].map(|event| {
            let (ear, copy, inbox) = (Rc::clone(&ear), same_track(&copy), inbox.clone());
            Listener::new(&window(), event, move |_| touched(&ear, &copy, &inbox))
        });
        Self {
            copy,
            ear,
            _touched: touched,
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.ear.take();
        self.copy.stop();
    }
}

fn listen(track: &MediaStreamTrack, inbox: &Inbox) -> Option<Ear> {
    if !is_touched() && FrameMeter::is_supported() {
        return FrameMeter::new(track, inbox.clone()).map(|meter| Ear::Frames { _meter: meter });
    }
    analyse(track, inbox.clone()).ok()
}

/// The page was touched: an `AudioContext` may run now.
fn touched(ear: &RefCell<Option<Ear>>, track: &MediaStreamTrack, inbox: &Inbox) {
    let mut ear = ear.borrow_mut();
    match &*ear {
        Some(Ear::Context { context, .. }) => {
            // suspended, or interrupted by a phone call
            if context.state() != AudioContextState::Running {
                let _ = context.resume();
            }
        }
        Some(Ear::Frames { .. }) if is_touched() => *ear = analyse(track, inbox.clone()).ok(),
        Some(Ear::Frames { .. }) | None => {}
    }
}

/// Whether the participant did something on this page yet.
fn is_touched() -> bool {
    let activation = js::get(&window().navigator(), "userActivation");
    activation.is_undefined() || js::get(&activation, "hasBeenActive").is_truthy()
}

fn analyse(track: &MediaStreamTrack, inbox: Inbox) -> Result<Ear, JsValue> {
    let context = AudioContext::new()?;
    let stream = stream_of(track).ok_or(JsValue::UNDEFINED)?;
    let source = context.create_media_stream_source(&stream)?;
    let analyser = context.create_analyser()?;
    analyser.set_fft_size(u32::try_from(SAMPLES).expect("a small constant"));
    source.connect_with_audio_node(&analyser)?;
    let mut samples = [0.0; SAMPLES];
    let ticks = Interval::new(PERIOD, move || {
        // the source must live as long as it is measured
        let _ = &source;
        inbox.put(Input::Level(measure(&analyser, &mut samples)));
    });
    Ok(Ear::Context {
        context,
        _ticks: ticks,
    })
}

fn measure(analyser: &AnalyserNode, samples: &mut [f32]) -> u8 {
    analyser.get_float_time_domain_data(samples);
    loudness(samples)
}

/// From silence (0) to as loud as a voice gets (100), even to the ear.
pub(crate) fn loudness(samples: &[f32]) -> u8 {
    let power: f32 = samples.iter().map(|sample| sample * sample).sum();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand samples at most")]
    let mean = power / samples.len().max(1) as f32;
    let decibels = 10.0 * (mean + f32::EPSILON * f32::EPSILON).log10();
    let part = (decibels - FLOOR) / (CEILING - FLOOR);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 100"
    )]
    let level = (part.clamp(0.0, 1.0) * 100.0) as u8;
    level
}
