//! What a call asks for: the method's name and data, understood.

use client::model::Volume;
use protocol::{BridgeError, BridgeFault, BridgeMethod, Moderation, PeerId, Source};
use serde_json::Value;

/// Less than this is no video.
const BITRATE_MIN: u32 = 30_000;

/// What a call asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ask {
    Join(JoinWith),
    Input(Source, bool),
    Share(bool),
    Rename(String),
    Volume(Volume),
    Picture(String),
    Controls(bool),
    IsOn(Source),
    Device(Source, DeviceWish),
    Play,
    Silence(bool),
    Bitrate(Option<u32>),
    IsFullScreen,
    FullScreen(bool),
    Pin(String),
    Unpin,
    Locale(String),
    Moderate(Moderation),
    HideIndicators(bool),
    Leave,
    People,
    Say(String),
    Hand(bool),
    Token(String),
    Recording,
    Diagnose,
    State,
}

/// What to join with; what is not said stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct JoinWith {
    pub(super) camera: Option<InputWish>,
    pub(super) microphone: Option<InputWish>,
    pub(super) pin: Option<String>,
}

/// How a camera or microphone shall be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum InputWish {
    Off,
    On,
    /// This one, on.
    Device(DeviceWish),
}

/// Which device. Ids of the embedding page mean nothing here, since browsers
/// give each origin others; then the label counts, and then the group.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DeviceWish {
    pub(super) id: Option<String>,
    pub(super) label: Option<String>,
    pub(super) group: Option<String>,
}

impl Ask {
    /// Understands a call.
    ///
    /// # Errors
    /// `unknown_method`, or `bad_data` with what the method takes.
    pub(super) fn read(method: &str, data: &Value) -> Result<Self, BridgeError> {
        let Some(method) = BridgeMethod::of_name(method) else {
            let message = format!("there is no method {method:?}");
            return Err(BridgeError::new(BridgeFault::UnknownMethod, message));
        };
        Self::of(method, data).map_err(|takes| {
            let message = format!("{} takes {takes}", method.name());
            BridgeError::new(BridgeFault::BadData, message)
        })
    }

    fn of(method: BridgeMethod, data: &Value) -> Result<Self, &'static str> {
        use BridgeMethod as M;
        Ok(match method {
            M::Join => Self::Join(join_with(data)?),
            M::EnableMic => Self::Input(Source::Microphone, true),
            M::DisableMic => Self::Input(Source::Microphone, false),
            M::EnableWebcam => Self::Input(Source::Camera, true),
            M::DisableWebcam => Self::Input(Source::Camera, false),
            M::EnableShare => Self::Share(true),
            M::DisableShare => Self::Share(false),
            M::IsCameraEnabled => Self::IsOn(Source::Camera),
            M::IsMicroEnabled => Self::IsOn(Source::Microphone),
            M::IsShareEnabled => Self::IsOn(Source::Screen),
            M::ChangeDevice => change_device(data)?,
            M::PlayAudio => Self::Play,
            M::MuteAudio => Self::Silence(true),
            M::UnmuteAudio => Self::Silence(false),
            M::SetVolume => Self::Volume(volume(data)?),
            M::SetBitrate => Self::Bitrate(bitrate(data)?),
            M::IsFullscreenEnabled => Self::IsFullScreen,
            M::EnableFullscreen => Self::FullScreen(true),
            M::DisableFullscreen => Self::FullScreen(false),
            M::Leave => Self::Leave,
            M::Participants => Self::People,
            M::RaiseHand => Self::Hand(true),
            M::Diagnose => Self::Diagnose,
            M::State => Self::State,
            M::Recording => Self::Recording,
            M::DisablePin => Self::Unpin,
            method => Self::with_data(method, data)?,
        })
    }

    fn with_data(method: BridgeMethod, data: &Value) -> Result<Self, &'static str> {
        use BridgeMethod as M;
        Ok(match method {
            M::ChangeDisplayName => Self::Rename(text(data, "a name: a string")?),
            M::GetScreenshotByPeerId => Self::Picture(text(data, "a peerId: a string")?),
            M::EnablePin => Self::Pin(text(data, "a peerId: a string")?),
            M::SetLocale => Self::Locale(text(data, "a language: a string such as \"en\"")?),
            M::SendMessage => Self::Say(text(data, "a text: a string")?),
            M::SetToken => Self::Token(token(data)?),
            M::SetControlsVisible => Self::Controls(flag(data)?),
            M::SetHideIndicators => Self::HideIndicators(flag(data)?),
            M::LowerHand if data.is_null() => Self::Hand(false),
            method => Self::Moderate(moderation(method, data)?),
        })
    }
}

fn moderation(method: BridgeMethod, data: &Value) -> Result<Moderation, &'static str> {
    use BridgeMethod as M;
    Ok(match method {
        M::DisabledTrackByModerator => {
            const TAKES: &str = "{userPeerId, kind: \"audio\" or \"video\"}";
            Moderation::TurnOff {
                source: kind(data["kind"].as_str()).ok_or(TAKES)?,
                peer: Some(peer(&data["userPeerId"]).ok_or(TAKES)?),
            }
        }
        M::DisableAllMics => Moderation::TurnOff {
            source: Source::Microphone,
            peer: None,
        },
        M::DisableAllCameras => Moderation::TurnOff {
            source: Source::Camera,
            peer: None,
        },
        M::Admit => Moderation::Admit {
            peer: peer_or_all(data)?,
        },
        M::Reject => Moderation::Reject {
            peer: peer_or_all(data)?,
        },
        M::Remove => Moderation::Remove {
            peer: peer(data).ok_or(PEER)?,
        },
        M::LowerHand => Moderation::LowerHand {
            peer: Some(peer(data).ok_or(PEER)?),
        },
        M::SetRecording => Moderation::SetRecording { on: flag(data)? },
        _ => Moderation::SetWaitingRoom { on: flag(data)? },
    })
}

const PEER: &str = "a peerId: a string of 1 to 128 characters";

fn peer(data: &Value) -> Option<PeerId> {
    PeerId::parse(data.as_str()?).ok()
}

fn peer_or_all(data: &Value) -> Result<Option<PeerId>, &'static str> {
    match data {
        Value::Null => Ok(None),
        data => Ok(Some(peer(data).ok_or(PEER)?)),
    }
}

fn text(data: &Value, takes: &'static str) -> Result<String, &'static str> {
    data.as_str().map(ToOwned::to_owned).ok_or(takes)
}

fn token(data: &Value) -> Result<String, &'static str> {
    let token = data.as_str().map(str::trim).unwrap_or_default();
    match token.is_empty() {
        true => Err("a token: a string"),
        false => Ok(token.to_owned()),
    }
}

fn flag(data: &Value) -> Result<bool, &'static str> {
    data.as_bool().ok_or("true or false")
}

/// A number; what comes from a field of a form is one, too.
fn number(data: &Value) -> Option<f64> {
    let number = match data {
        Value::String(text) => text.trim().parse().ok(),
        data => data.as_f64(),
    };
    number.filter(|number: &f64| number.is_finite())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be between 0 and 100"
)]
fn volume(data: &Value) -> Result<Volume, &'static str> {
    let volume = number(data).filter(|number| (0.0..=100.0).contains(number));
    let volume = volume.ok_or("a number from 0 to 100")?;
    Ok(Volume::percent(volume.round() as u8))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what does not fit is as good as no limit"
)]
fn bitrate(data: &Value) -> Result<Option<u32>, &'static str> {
    const TAKES: &str = "bits per second: a number from 30000 on, or 0 for no limit";
    let bitrate = number(data).ok_or(TAKES)?;
    match bitrate as u32 {
        0 if bitrate >= 0.0 => Ok(None),
        bitrate if bitrate >= BITRATE_MIN => Ok(Some(bitrate)),
        _ => Err(TAKES),
    }
}

fn kind(name: Option<&str>) -> Option<Source> {
    match name {
        Some("audio") => Some(Source::Microphone),
        Some("video") => Some(Source::Camera),
        _ => None,
    }
}

fn join_with(data: &Value) -> Result<JoinWith, &'static str> {
    let constraints = &data["constraints"];
    Ok(JoinWith {
        camera: input_wish(&constraints["video"])?,
        microphone: input_wish(&constraints["audio"])?,
        pin: data["pin"].as_str().map(ToOwned::to_owned),
    })
}

fn input_wish(data: &Value) -> Result<Option<InputWish>, &'static str> {
    match data {
        Value::Null => Ok(None),
        Value::Bool(false) => Ok(Some(InputWish::Off)),
        Value::Bool(true) => Ok(Some(InputWish::On)),
        Value::Object(_) => {
            let wish = device_wish(data);
            let anything = wish == DeviceWish::default();
            Ok(Some(match anything {
                true => InputWish::On,
                false => InputWish::Device(wish),
            }))
        }
        _ => Err("{constraints: {video, audio}}, each true, false or a device"),
    }
}

fn device_wish(data: &Value) -> DeviceWish {
    let text = |key: &str| {
        let text = match &data[key] {
            // as `getUserMedia` has it
            Value::Object(exact) => exact.get("exact").or(exact.get("ideal"))?.as_str(),
            text => text.as_str(),
        };
        text.filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    };
    DeviceWish {
        id: text("deviceId"),
        label: text("label"),
        group: text("groupId"),
    }
}

fn change_device(data: &Value) -> Result<Ask, &'static str> {
    const TAKES: &str = "{constraints: {audio: device}} or {constraints: {video: device}}, \
                         a device being {deviceId, label, groupId}";
    let constraints = &data["constraints"];
    let (source, device) = match (&constraints["video"], &constraints["audio"]) {
        (device @ Value::Object(_), Value::Null | Value::Bool(_)) => (Source::Camera, device),
        (Value::Null | Value::Bool(_), device @ Value::Object(_)) => (Source::Microphone, device),
        _ => return Err(TAKES),
    };
    let wish = device_wish(device);
    match wish == DeviceWish::default() {
        true => Err(TAKES),
        false => Ok(Ask::Device(source, wish)),
    }
}

#[cfg(test)]
mod tests;
