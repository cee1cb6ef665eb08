//! Which codecs are offered, in which order.
//!
//! Without this an offer with many slots is several hundred kilobytes long,
//! for browsers list each profile of each codec on each m-line.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RtcRtpTransceiver;

use super::{js, listener::window};

/// What an m-line is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Sends a voice: with redundancy where the browser has it (RFC 2198).
    SendVoice,
    /// Sends a film's sound, for which redundancy costs too much.
    SendMusic,
    /// Sends a picture.
    SendVideo,
    /// Plays whatever sound comes.
    ReceiveAudio,
    /// Shows whatever picture comes.
    ReceiveVideo,
}

/// Codecs in the order in which an m-line should offer them.
pub(crate) struct Preferences(Array);

impl Preferences {
    /// What this browser has for a purpose, ordered and thinned out.
    pub(crate) fn new(purpose: Use) -> Self {
        let mut ranked: Vec<(u8, JsValue)> = capabilities(purpose)
            .into_iter()
            .filter_map(|codec| Some((rank(&codec, purpose)?, codec)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        Self(ranked.into_iter().map(|(_, codec)| codec).collect())
    }

    /// Sets them; a browser without this feature goes on with its own list.
    pub(crate) fn apply(&self, line: &RtcRtpTransceiver) {
        if self.0.length() == 0 {
            return;
        }
        let set = js::get(line, "setCodecPreferences");
        if let Some(set) = set.dyn_ref::<Function>() {
            // a browser that dislikes the list keeps its own
            let _ = set.call1(line, &self.0);
        }
    }
}

fn capabilities(purpose: Use) -> Vec<JsValue> {
    let (class, kind) = match purpose {
        Use::SendVoice | Use::SendMusic => ("RTCRtpSender", "audio"),
        Use::SendVideo => ("RTCRtpSender", "video"),
        Use::ReceiveAudio => ("RTCRtpReceiver", "audio"),
        Use::ReceiveVideo => ("RTCRtpReceiver", "video"),
    };
    let class = js::get(&window(), class);
    let capabilities = js::get(&class, "getCapabilities")
        .dyn_into::<Function>()
        .and_then(|get| get.call1(&class, &kind.into()));
    let Ok(capabilities) = capabilities else {
        return Vec::new();
    };
    Reflect::get(&capabilities, &"codecs".into())
        .ok()
        .and_then(|codecs| codecs.dyn_into::<Array>().ok())
        .map(|codecs| codecs.to_vec())
        .unwrap_or_default()
}

/// Lower comes first; none is not offered.
fn rank(codec: &JsValue, purpose: Use) -> Option<u8> {
    let name = js::get(codec, "mimeType").as_string()?.to_ascii_lowercase();
    let format = js::get(codec, "sdpFmtpLine")
        .as_string()
        .unwrap_or_default();
    match name.as_str() {
        "audio/red" if purpose == Use::SendVoice => Some(0),
        "audio/opus" => Some(1),
        "audio/red" => Some(2),
        "video/vp8" => Some(0),
        "video/h264" => h264_rank(&format),
        "video/vp9" if !format.contains("profile-id=") || format.contains("profile-id=0") => {
            Some(3)
        }
        "video/av1" => Some(4),
        "video/rtx" => Some(5),
        _ => None,
    }
}

/// Constrained baseline first: every decoder has it. Single NAL unit mode
/// (packetization-mode 0) is for nobody.
fn h264_rank(format: &str) -> Option<u8> {
    if !format.contains("packetization-mode=1") {
        return None;
    }
    match format {
        format if format.contains("profile-level-id=42e0") => Some(1),
        format if format.contains("profile-level-id=42") => Some(2),
        _ => None,
    }
}
