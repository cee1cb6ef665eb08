//! What can be called, and what can go wrong: names that never change.

use serde::Serialize;

/// An enum whose values have names, with a list of all.
macro_rules! named {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $value:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $kind {
            $($(#[$doc])* $value,)*
        }

        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$value,)*];

            /// Its name on the wire.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $name,)*
                }
            }

            /// The one with a name.
            #[must_use]
            pub fn of_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

named! {
    /// What an embedding page may call.
    BridgeMethod {
        /// Enter the room with these devices.
        Join = "join",
        /// Unmute the microphone.
        EnableMic = "enableMic",
        /// Mute the microphone.
        DisableMic = "disableMic",
        /// Camera on.
        EnableWebcam = "enableWebcam",
        /// Camera off.
        DisableWebcam = "disableWebcam",
        /// Start to share a screen.
        EnableShare = "enableShare",
        /// Stop to share a screen.
        DisableShare = "disableShare",
        /// Change the own name.
        ChangeDisplayName = "changeDisplayName",
        /// How loud others are, in percent.
        SetVolume = "setVolume",
        /// A picture of somebody's video.
        GetScreenshotByPeerId = "getScreenshotByPeerId",
        /// Show or hide the controls.
        SetControlsVisible = "setControlsVisible",
        /// Whether the own camera is on.
        IsCameraEnabled = "isCameraEnabled",
        /// Whether the own microphone is on.
        IsMicroEnabled = "isMicroEnabled",
        /// Whether the own screen is shared.
        IsShareEnabled = "isShareEnabled",
        /// Take another camera or microphone.
        ChangeDevice = "changeDevice",
        /// Start the sound that the browser held back.
        PlayAudio = "playAudio",
        /// Silence the others.
        MuteAudio = "muteAudio",
        /// Let the others be heard.
        UnmuteAudio = "unmuteAudio",
        /// The most that the own video may take.
        SetBitrate = "setBitrate",
        /// Whether the frame fills the screen.
        IsFullscreenEnabled = "isFullscreenEnabled",
        /// Fill the screen.
        EnableFullscreen = "enableFullscreen",
        /// Leave full screen.
        DisableFullscreen = "disableFullscreen",
        /// Put somebody on the stage.
        EnablePin = "enablePin",
        /// Let the stage go.
        DisablePin = "disablePin",
        /// Change the language of the interface.
        SetLocale = "setLocale",
        /// Moderators: switch somebody's microphone or camera off.
        DisabledTrackByModerator = "disabledTrackByModerator",
        /// Moderators: switch all microphones off.
        DisableAllMics = "disableAllMics",
        /// Moderators: switch all cameras off.
        DisableAllCameras = "disableAllCameras",
        /// Show or hide names and icons on tiles.
        SetHideIndicators = "setHideIndicators",
        /// Leave the room.
        Leave = "leave",
        /// Everybody on stage.
        Participants = "participants",
        /// Write into the chat.
        SendMessage = "sendMessage",
        /// Raise the hand.
        RaiseHand = "raiseHand",
        /// Lower the hand; moderators also somebody else's.
        LowerHand = "lowerHand",
        /// Moderators: let somebody in.
        Admit = "admit",
        /// Moderators: turn somebody away.
        Reject = "reject",
        /// Moderators: remove somebody.
        Remove = "remove",
        /// Moderators: switch the waiting room on or off.
        SetWaitingRoom = "setWaitingRoom",
        /// Moderators who may record: start or stop the recording.
        SetRecording = "setRecording",
        /// The recording, if there is one.
        Recording = "recording",
        /// Bring another token.
        SetToken = "setToken",
        /// What works here, and what the page around lacks.
        Diagnose = "diagnose",
        /// How everything is now.
        State = "state",
    }
}

named! {
    /// Why a call failed, where the server has no code for it.
    BridgeFault {
        /// There is no meeting on this page.
        NotReady = "not_ready",
        /// There is no such method.
        UnknownMethod = "unknown_method",
        /// The method does not take such data.
        BadData = "bad_data",
        /// There is no picture of this participant.
        NoVideo = "no_video",
        /// The participant, or the browser's settings, said no.
        DeviceDenied = "device_denied",
        /// There is no such device.
        DeviceNotFound = "device_not_found",
        /// Another program uses the device.
        DeviceBusy = "device_busy",
        /// The device failed.
        DeviceFailed = "device_failed",
        /// The iframe's `allow` lacks it.
        BlockedByEmbedder = "blocked_by_embedder",
        /// The page is not served over HTTPS.
        InsecureContext = "insecure_context",
        /// The browser, or Meetframe, has no such thing.
        Unsupported = "unsupported",
        /// The participant changed their mind.
        Cancelled = "cancelled",
        /// The browser wants a click or a key within the frame first.
        GestureRequired = "gesture_required",
        /// The server could not be reached.
        ConnectionFailed = "connection_failed",
    }
}

named! {
    /// Whether something works in a frame.
    CapabilityState {
        /// It works, for all that can be known before it is tried.
        Ok = "ok",
        /// The iframe's `allow` lacks it.
        BlockedByEmbedder = "blocked_by_embedder",
        /// The page is not served over HTTPS.
        InsecureContext = "insecure_context",
        /// The participant, or the browser's settings, said no.
        Denied = "denied",
        /// There is no such device.
        NoDevice = "no_device",
        /// Sound waits for a click.
        AutoplayBlocked = "autoplay_blocked",
        /// The iframe's `sandbox` takes it away.
        Sandboxed = "sandboxed",
        /// The browser has no such thing.
        Unsupported = "unsupported",
    }
}
