//! What the session takes in and what it wants done.

use protocol::{ClientFrame, ErrorCode, Offer, ServerFrame, Source};

use crate::{
    Intent,
    model::{Device, DeviceFailure},
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The participant wants something.
    Intent(Intent),
    /// The time that [`super::Session::deadline`] named has come.
    Tick,
    /// The network is there again, or the page is seen again: check at once.
    Wake,
    /// The page is about to go away.
    PageGone,
    /// What the browser can do and what it remembers, told once at the start.
    Started(Environment),
    /// A socket is open.
    SocketOpened(u32),
    /// A socket is closed, or could not be opened.
    SocketClosed(u32),
    /// A message came in.
    Received {
        /// The socket on which it came.
        socket: u32,
        /// The message.
        frame: Box<ServerFrame>,
    },
    /// The offer that [`Effect::Offer`] asked for.
    OfferReady(Offer),
    /// The browser refused to make an offer or to take an answer.
    NegotiationFailed {
        /// The connection that is of no use any more.
        connection: u32,
    },
    /// A connection's state changed.
    Transport {
        /// Which connection.
        connection: u32,
        /// How it is now.
        state: TransportState,
    },
    /// A device that [`Effect::OpenInputs`] asked for.
    InputOpened {
        /// Camera or microphone.
        source: Source,
        /// The device that it is.
        device: Device,
    },
    /// A device that [`Effect::OpenInputs`] asked for cannot be had.
    InputFailed {
        /// Camera or microphone.
        source: Source,
        /// Why.
        failure: DeviceFailure,
    },
    /// A device in use went away.
    InputEnded(Source),
    /// The devices that there are.
    DevicesListed(DeviceList),
    /// The screen is shared.
    ScreenStarted {
        /// With its sound.
        audio: bool,
    },
    /// Nothing was chosen, or the browser failed.
    ScreenFailed(Option<DeviceFailure>),
    /// The share was ended in the browser's own interface.
    ScreenEnded,
    /// Loudness of the microphone, 0 to 100, muted or not.
    Level(u8),
    /// The browser holds sound back, or plays it again.
    AudioBlocked(bool),
}

/// How a media connection is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TransportState {
    /// Being set up.
    #[default]
    Connecting,
    /// Media flows.
    Connected,
    /// Nothing comes any more; it may come back by itself.
    Disconnected,
    /// Given up by the browser.
    Failed,
}

/// What the browser can do and what it remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `getDisplayMedia` is there.
    pub can_share: bool,
    /// What was chosen on an earlier visit.
    pub choices: Choices,
}

/// What a participant chose, kept from visit to visit where the browser lets.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The camera's id.
    pub camera: Option<String>,
    /// The microphone's id.
    pub microphone: Option<String>,
    /// The speaker's id.
    pub speaker: Option<String>,
    /// The participant's name.
    pub display_name: String,
}

/// The devices that there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceList {
    /// Cameras.
    pub cameras: Vec<Device>,
    /// Microphones.
    pub microphones: Vec<Device>,
    /// Speakers; empty where the browser has no choice.
    pub speakers: Vec<Device>,
}

/// A device to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputRequest {
    /// Camera or microphone.
    pub source: Source,
    /// The wished device.
    pub device: Option<String>,
}

/// How many receive-only m-lines a connection has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotCounts {
    /// For sound.
    pub audio: u32,
    /// For pictures.
    pub video: u32,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Open a socket; close the one before.
    OpenSocket(u32),
    /// Close the socket after all that was sent.
    CloseSocket,
    /// Send on the open socket.
    Send(ClientFrame),
    /// Make a media connection; end the one before.
    StartConnection {
        /// Its number.
        connection: u32,
    },
    /// End the media connection.
    StopConnection,
    /// Make an offer.
    Offer {
        /// For this connection.
        connection: u32,
        /// With this number.
        negotiation: u32,
        /// With new ICE credentials.
        restart_ice: bool,
        /// At least so many slots.
        slots: SlotCounts,
    },
    /// Take the server's answer.
    Answer {
        /// For this connection.
        connection: u32,
        /// The SDP.
        sdp: String,
    },
    /// Open devices, with one question to the participant if it can be; open
    /// ones of the same source are closed when the new ones are there.
    OpenInputs(Vec<InputRequest>),
    /// Close a device; its light goes off.
    CloseInput(Source),
    /// Silence the open microphone, or let it be heard.
    MuteMicrophone(bool),
    /// Let the participant choose what to share.
    PickScreen,
    /// Stop to share.
    StopScreen,
    /// Play sound there; none is the browser's default.
    UseSpeaker(Option<String>),
    /// Start the sound that was held back.
    PlayAudio,
    /// Keep for the next visit.
    Remember(Choices),
    /// Tell developers what the server refused.
    Report {
        /// The server's code.
        code: ErrorCode,
        /// The server's words.
        message: String,
    },
}
