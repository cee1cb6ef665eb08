//! The sending m-lines of a connection, and how each kind of source is encoded.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use js_sys::{Array, Object};
use protocol::Source;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaStreamTrack, RtcPeerConnection, RtcRtpSender, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
};

use super::{
    codecs::{Preferences, Use},
    js,
    streams::same_track,
};
use crate::layers::{scales, shares};

/// A simulcast layer: rid, divisor of width and height, bits and frames per second.
struct Layer {
    rid: &'static str,
    scale: f64,
    bitrate: f64,
    framerate: f64,
}

/// Of a 1280×720 picture: 320×180 for the grid of many, 640×360 for that of a
/// few, the whole for the stage. Smaller pictures have fewer ([`scales`]).
const CAMERA: [Layer; 3] = [
    Layer {
        rid: "q",
        scale: 4.0,
        bitrate: 150_000.0,
        framerate: 20.0,
    },
    Layer {
        rid: "h",
        scale: 2.0,
        bitrate: 500_000.0,
        framerate: 30.0,
    },
    Layer {
        rid: "f",
        scale: 1.0,
        bitrate: 1_700_000.0,
        framerate: 30.0,
    },
];

/// A screen is read: always whole, sharpness before motion.
const SCREEN_BITRATE: f64 = 2_500_000.0;
const SCREEN_FRAMERATE: f64 = 15.0;

/// Opus is transparent for a voice at this rate; redundancy comes on top.
const VOICE_BITRATE: f64 = 40_000.0;
const MUSIC_BITRATE: f64 = 128_000.0;

pub(crate) struct Senders {
    microphone: RtcRtpTransceiver,
    camera: RtcRtpTransceiver,
    screen: RtcRtpTransceiver,
    screen_audio: RtcRtpTransceiver,
    /// What was put last. A sender tells its new track only after a while, and
    /// what is put meanwhile must not be compared with the one before.
    put: RefCell<HashMap<Source, MediaStreamTrack>>,
    /// The most that a picture may take, as set last.
    limit: Cell<Option<u32>>,
    /// By how much each layer of the camera is smaller than its picture.
    scales: Cell<&'static [f64]>,
}

impl Senders {
    pub(crate) fn new(peer: &RtcPeerConnection) -> Self {
        let voice = encoding([
            ("maxBitrate", VOICE_BITRATE.into()),
            ("priority", "high".into()),
            ("networkPriority", "high".into()),
        ]);
        let screen = encoding([
            ("maxBitrate", SCREEN_BITRATE.into()),
            ("maxFramerate", SCREEN_FRAMERATE.into()),
        ]);
        let music = encoding([("maxBitrate", MUSIC_BITRATE.into())]);
        let camera: Array = CAMERA.iter().map(layer).collect();
        let senders = Self {
            microphone: add(peer, "audio", Use::SendVoice, &voice),
            camera: add(peer, "video", Use::SendVideo, &camera),
            screen: add(peer, "video", Use::SendVideo, &screen),
            screen_audio: add(peer, "audio", Use::SendMusic, &music),
            put: RefCell::default(),
            limit: Cell::new(None),
            scales: Cell::new(&[4.0, 2.0, 1.0]),
        };
        degrade(&senders.camera.sender(), "balanced");
        degrade(&senders.screen.sender(), "maintain-resolution");
        senders
    }

    pub(crate) fn lines(&self) -> [(Source, &RtcRtpTransceiver); 4] {
        [
            (Source::Microphone, &self.microphone),
            (Source::Camera, &self.camera),
            (Source::Screen, &self.screen),
            (Source::ScreenAudio, &self.screen_audio),
        ]
    }

    /// The most that all layers of a picture may take together from now on, in
    /// bits per second.
    pub(crate) fn limit(&self, limit: Option<u32>) {
        if self.limit.replace(limit) == limit {
            return;
        }
        self.tune_camera();
        let screen = shares(&[SCREEN_BITRATE], limit);
        let screen = screen.into_iter().map(|bitrate| Some((1.0, bitrate?)));
        tune(&self.screen.sender(), "maintain-resolution", screen);
    }

    /// The layers that suit the camera's picture, within the limit.
    fn tune_camera(&self) {
        let scales = self.scales.get();
        let worth: Vec<f64> = CAMERA.iter().map(|layer| layer.bitrate).collect();
        let shares = shares(&worth[..scales.len()], self.limit.get());
        let sent = scales.iter().zip(shares);
        let sent = sent.map(|(scale, bitrate)| Some((*scale, bitrate?)));
        let none = std::iter::repeat_n(None, CAMERA.len() - scales.len());
        tune(&self.camera.sender(), "balanced", sent.chain(none));
    }

    /// Layers for the picture of another camera.
    fn suit(&self, camera: &MediaStreamTrack) {
        let settings = camera.get_settings();
        let side = |name| js::get(&settings, name).as_f64();
        let (Some(width), Some(height)) = (side("width"), side("height")) else {
            return;
        };
        let scales = scales(width, height);
        if self.scales.replace(scales) != scales {
            self.tune_camera();
        }
    }

    /// Sends a track, or nothing, from now on. Nothing is negotiated.
    pub(crate) fn put(&self, source: Source, track: Option<&MediaStreamTrack>) {
        let mut put = self.put.borrow_mut();
        if put.get(&source) == track {
            return;
        }
        match track {
            Some(track) => put.insert(source, same_track(track)),
            None => put.remove(&source),
        };
        if let (Source::Camera, Some(camera)) = (source, track) {
            self.suit(camera);
        }
        for (_, line) in self.lines().into_iter().filter(|(of, _)| *of == source) {
            let replaced = line.sender().replace_track(track);
            // fails only when the connection was closed in between
            spawn_local(async move {
                let _ = JsFuture::from(replaced).await;
            });
        }
    }
}

fn add(peer: &RtcPeerConnection, kind: &str, purpose: Use, encodings: &Array) -> RtcRtpTransceiver {
    let init = RtcRtpTransceiverInit::new();
    init.set_direction(RtcRtpTransceiverDirection::Sendonly);
    js::set(&init, "sendEncodings", encodings);
    let line = peer.add_transceiver_with_str_and_init(kind, &init);
    Preferences::new(purpose).apply(&line);
    line
}

fn encoding<const N: usize>(fields: [(&str, JsValue); N]) -> Array {
    Array::of1(&js::object(fields))
}

fn layer(layer: &Layer) -> Object {
    js::object([
        ("rid", layer.rid.into()),
        ("scaleResolutionDownBy", layer.scale.into()),
        ("maxBitrate", layer.bitrate.into()),
        ("maxFramerate", layer.framerate.into()),
    ])
}

/// Says what to give up first when the network or the processor is too slow.
/// A browser without the choice has its own.
fn degrade(sender: &RtcRtpSender, preference: &str) {
    tune(sender, preference, []);
}

/// The same, and by how much each layer is smaller than the picture and how much
/// it may take; nothing is not sent.
fn tune(
    sender: &RtcRtpSender,
    preference: &str,
    wanted: impl IntoIterator<Item = Option<(f64, f64)>>,
) {
    let parameters = sender.get_parameters();
    js::set(&parameters, "degradationPreference", preference);
    let layers = js::get(&parameters, "encodings");
    let layers = layers.dyn_into::<Array>().unwrap_or_default();
    for (layer, wanted) in layers.iter().zip(wanted) {
        js::set(&layer, "active", wanted.is_some());
        if let Some((scale, bitrate)) = wanted {
            js::set(&layer, "scaleResolutionDownBy", scale);
            js::set(&layer, "maxBitrate", bitrate);
        }
    }
    let set = sender.set_parameters_with_parameters(&parameters);
    spawn_local(async move {
        let _ = JsFuture::from(set).await;
    });
}
