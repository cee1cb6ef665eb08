//! Opens a camera and a microphone with as few questions as possible.

use protocol::Source;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack};

use super::{
    devices::{failure_of, feature, is_allowed_here, is_present, media_devices},
    js,
    listener::{report, window},
};
use crate::{model::DeviceFailure, session::InputRequest};

/// An open device; closed on drop.
pub(crate) struct Captured(pub(crate) MediaStreamTrack);

impl Drop for Captured {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// How a request ended.
pub(crate) type Outcome = Result<Captured, DeviceFailure>;

/// Opens devices. Camera and microphone are asked for together, so that there
/// is one question; when that fails, each on its own, for one may work.
pub(crate) async fn open(requests: Vec<InputRequest>) -> Vec<(InputRequest, Outcome)> {
    let mut outcomes = Vec::new();
    let mut hopeful = Vec::new();
    for request in requests {
        match hopeless(request.source).await {
            Some(failure) => outcomes.push((request, Err(failure))),
            None => hopeful.push(request),
        }
    }
    outcomes.extend(match hopeful.as_slice() {
        [one, other] => open_both(one, other).await,
        _ => open_each(&hopeful).await,
    });
    outcomes
}

/// What can be known without asking the participant.
async fn hopeless(source: Source) -> Option<DeviceFailure> {
    if let Err(failure) = media_devices() {
        return Some(failure);
    }
    if !is_allowed_here(feature(source)) {
        return Some(DeviceFailure::BlockedByEmbedder);
    }
    (!is_present(source).await).then_some(DeviceFailure::NotFound)
}

async fn open_both(one: &InputRequest, other: &InputRequest) -> Vec<(InputRequest, Outcome)> {
    let both = [one, other];
    match user_media(&both).await {
        Ok(stream) => both
            .map(|request| (request.clone(), track(&stream, request.source)))
            .into(),
        Err(error) if js::error_name(&error) == "NotAllowedError" => {
            let mut outcomes = Vec::new();
            for request in both {
                outcomes.push((request.clone(), open_if_granted(request).await));
            }
            outcomes
        }
        Err(_) => open_each(&[one.clone(), other.clone()]).await,
    }
}

async fn open_each(requests: &[InputRequest]) -> Vec<(InputRequest, Outcome)> {
    let mut outcomes = Vec::new();
    for request in requests {
        outcomes.push((request.clone(), open_one(request).await));
    }
    outcomes
}

/// The question for both was answered with no: the participant is not asked
/// again, but what is allowed for good is taken.
async fn open_if_granted(request: &InputRequest) -> Outcome {
    if permission(request.source).await.as_deref() == Some("granted") {
        return open_one(request).await;
    }
    Err(DeviceFailure::Denied)
}

async fn open_one(request: &InputRequest) -> Outcome {
    match user_media(&[request]).await {
        Ok(stream) => track(&stream, request.source),
        Err(error) => {
            let failure = failure_of(&error, feature(request.source));
            if failure == DeviceFailure::Other {
                report("A device could not be opened", &error);
            }
            Err(failure)
        }
    }
}

/// `getUserMedia`; when the wished devices are gone, with any others.
async fn user_media(requests: &[&InputRequest]) -> Result<MediaStream, JsValue> {
    match get_user_media(requests, true).await {
        Err(error) if js::error_name(&error) == "OverconstrainedError" => {
            get_user_media(requests, false).await
        }
        outcome => outcome,
    }
}

async fn get_user_media(requests: &[&InputRequest], wished: bool) -> Result<MediaStream, JsValue> {
    let constraints = MediaStreamConstraints::new();
    for request in requests {
        let device = request.device.as_deref().filter(|_| wished);
        match request.source {
            Source::Camera => constraints.set_video(&camera(device)),
            _ => constraints.set_audio(&microphone(device)),
        }
    }
    let devices = window().navigator().media_devices()?;
    let asked = devices.get_user_media_with_constraints(&constraints)?;
    Ok(JsFuture::from(asked).await?.unchecked_into())
}

fn camera(device: Option<&str>) -> JsValue {
    let ideal = |value: JsValue| js::object([("ideal", value)]).into();
    let constraints = js::object([
        ("width", ideal(1_280.into())),
        ("height", ideal(720.into())),
        ("frameRate", ideal(30.into())),
    ]);
    if device.is_none() {
        // of a phone's cameras the one that sees the participant
        js::set(
            &constraints,
            "facingMode",
            js::object([("ideal", "user".into())]),
        );
    }
    with_device(constraints, device)
}

fn microphone(device: Option<&str>) -> JsValue {
    with_device(
        js::object([
            ("echoCancellation", true.into()),
            ("noiseSuppression", true.into()),
            ("autoGainControl", true.into()),
        ]),
        device,
    )
}

fn with_device(constraints: js_sys::Object, device: Option<&str>) -> JsValue {
    if let Some(device) = device {
        let exact = js::object([("exact", device.into())]);
        js::set(&constraints, "deviceId", exact);
    }
    constraints.into()
}

fn track(stream: &MediaStream, source: Source) -> Outcome {
    let tracks = match source {
        Source::Camera => stream.get_video_tracks(),
        _ => stream.get_audio_tracks(),
    };
    let track = tracks.get(0).dyn_into::<MediaStreamTrack>();
    track.map(Captured).map_err(|_| DeviceFailure::Other)
}

/// What the browser remembers: "granted", "denied" or "prompt".
pub(crate) async fn permission(source: Source) -> Option<String> {
    let permissions = window().navigator().permissions().ok()?;
    let query = js::object([("name", feature(source).into())]);
    let status = JsFuture::from(permissions.query(&query).ok()?).await.ok()?;
    js::get(&status, "state").as_string()
}
