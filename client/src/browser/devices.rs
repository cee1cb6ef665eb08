//! Camera and microphone: opens them, tells failures apart, lists them.
//!
//! Which device is wanted is the session's business.

use js_sys::{Array, Function};
use protocol::Source;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStreamTrack};

use super::{js, listener::window};
use crate::{
    model::{Device, DeviceFailure},
    session::DeviceList,
};

/// The browser's devices.
///
/// # Errors
/// [`DeviceFailure::InsecureContext`] or [`DeviceFailure::Unsupported`].
pub(crate) fn media_devices() -> Result<MediaDevices, DeviceFailure> {
    let navigator = window().navigator();
    if js::has(&navigator, "mediaDevices") {
        return navigator
            .media_devices()
            .map_err(|_| DeviceFailure::Unsupported);
    }
    Err(if window().is_secure_context() {
        DeviceFailure::Unsupported
    } else {
        DeviceFailure::InsecureContext
    })
}

/// Why a request was refused. `feature` is its name in a permissions policy.
pub(crate) fn failure_of(error: &JsValue, feature: &str) -> DeviceFailure {
    match js::error_name(error).as_str() {
        "NotAllowedError" | "SecurityError" if !is_allowed_here(feature) => {
            DeviceFailure::BlockedByEmbedder
        }
        "NotAllowedError" | "SecurityError" => DeviceFailure::Denied,
        "NotFoundError" => DeviceFailure::NotFound,
        "NotReadableError" | "AbortError" => DeviceFailure::InUse,
        "TypeError" | "NotSupportedError" => DeviceFailure::Unsupported,
        _ => DeviceFailure::Other,
    }
}

/// The origin of a frame that a sandbox took its own from. Browsers say that
/// such a frame may use devices, and then refuse without a question.
const OPAQUE: &str = "null";

/// Whether the pages around this one let it use a feature. Browsers that do
/// not tell are taken to allow it.
pub(crate) fn is_allowed_here(feature: &str) -> bool {
    if js::get(&window(), "origin").as_string().as_deref() == Some(OPAQUE) {
        return false;
    }
    let Some(document) = window().document() else {
        return true;
    };
    let policy = js::get(&document, "featurePolicy");
    if policy.is_undefined() {
        return true;
    }
    js::get(&policy, "allowsFeature")
        .dyn_ref::<Function>()
        .and_then(|allows| allows.call1(&policy, &feature.into()).ok())
        .and_then(|allowed| allowed.as_bool())
        .unwrap_or(true)
}

/// The name of a source in a permissions policy, and of its permission.
pub(crate) fn feature(source: Source) -> &'static str {
    match source {
        Source::Camera => "camera",
        Source::Microphone => "microphone",
        Source::Screen | Source::ScreenAudio => "display-capture",
    }
}

/// The devices that there are. Before permission is given the browser tells
/// only which kinds there are; such nameless entries are left out of the lists.
pub(crate) async fn list() -> DeviceList {
    let mut list = DeviceList::default();
    for info in infos().await {
        let device = Device {
            id: info.device_id(),
            label: info.label(),
            group: info.group_id(),
        };
        if device.id.is_empty() {
            continue;
        }
        match info.kind() {
            MediaDeviceKind::Videoinput => list.cameras.push(device),
            MediaDeviceKind::Audioinput => list.microphones.push(device),
            MediaDeviceKind::Audiooutput => list.speakers.push(device),
            _ => {}
        }
    }
    list
}

/// Whether there is any device of a kind, named or not.
pub(crate) async fn is_present(source: Source) -> bool {
    let wanted = match source {
        Source::Camera => MediaDeviceKind::Videoinput,
        _ => MediaDeviceKind::Audioinput,
    };
    let infos = infos().await;
    // a list without anything is a browser that does not tell
    infos.is_empty() || infos.iter().any(|info| info.kind() == wanted)
}

async fn infos() -> Vec<MediaDeviceInfo> {
    let Ok(listing) = media_devices().and_then(|devices| {
        devices
            .enumerate_devices()
            .map_err(|_| DeviceFailure::Unsupported)
    }) else {
        return Vec::new();
    };
    let Ok(infos) = JsFuture::from(listing).await else {
        return Vec::new();
    };
    infos
        .unchecked_into::<Array>()
        .iter()
        .map(JsCast::unchecked_into)
        .collect()
}

/// The device behind a track.
pub(crate) fn device_of(track: &MediaStreamTrack) -> Device {
    let settings = track.get_settings();
    let text = |key| js::get(&settings, key).as_string().unwrap_or_default();
    Device {
        id: text("deviceId"),
        label: track.label(),
        group: text("groupId"),
    }
}
