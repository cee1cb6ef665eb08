//! English.

use client::model::{DeviceFailure, EndReason};
use protocol::{ErrorCode, ID_MAX, InvalidId};

use super::{
    Chat, Common, Devices, Ended, Explanation, Help, Home, Meeting, Notice, People, Prejoin,
    Problem, Settings, Text, Tile, Which,
};
use crate::{browser::theme::Theme, meeting::scene::Layout};

pub(super) static TEXT: Text = Text {
    lang: "en",
    dir: "ltr",
    common: COMMON,
    home: HOME,
    problem: PROBLEM,
    devices: DEVICES,
    prejoin: PREJOIN,
    meeting: MEETING,
    tile: TILE,
    people: PEOPLE,
    chat: CHAT,
    settings: SETTINGS,
    help: HELP,
    notice: NOTICE,
    ended: ENDED,
};

const COMMON: Common = Common {
    brand: "Meetframe",
    guest: "Guest",
    you: |name| format!("{name} (you)"),
    close: "Close",
    copy_link: "Copy link",
    copied: "Copied",
    copy_failed: "The browser did not allow it. Please select and copy by hand.",
    loading: "Loading…",
    needs_script: "A meeting needs JavaScript and WebAssembly. Please allow them for this page.",
    to_start: "To the start page",
};

const HOME: Home = Home {
    tagline: "Video meetings in the browser. No account, nothing to install.",
    new_conference: "New conference",
    conference_hint: "Everybody sees and hears everybody",
    new_webinar: "New webinar",
    webinar_hint: "A few speak, many watch",
    have_room: "Have a room already?",
    room_name: "Room name",
    enter: "Enter",
    title: "New room",
    ready: "Your room is ready",
    ready_hint: "Everybody who has the link can come in.",
    kind: "Kind of room",
    conference: "Conference",
    webinar: "Webinar",
    link: "Link",
    another: "Another name",
    room_hint: "1 to 128 letters, digits, “-” and “_”.",
};

const PROBLEM: Problem = Problem {
    bad_room: "This room cannot be opened",
    bad_room_why: |error| match error {
        InvalidId::Empty => "The link does not name a room.".into(),
        InvalidId::TooLong => {
            format!("The name of the room is longer than {ID_MAX} characters.")
        }
        InvalidId::Character(' ') => "The name of the room contains a space.".into(),
        InvalidId::Character(c) => {
            format!("The name of the room contains the character “{c}”.")
        }
    },
    bad_room_rule: "A room’s name has 1 to 128 letters, digits, “-” and “_”. Check the link, or ask the person who sent it.",
    not_found: "There is nothing here",
    not_found_hint: "The address may be mistyped, or the page has moved.",
    new_room: "Make a new room",
};

const DEVICES: Devices = Devices {
    camera: "Camera",
    microphone: "Microphone",
    speaker: "Speaker",
    unnamed: |kind, number| format!("{kind} {number}"),
    none: "None available",
    system_default: "As the system has it",
    level: "Microphone level",
    microphone_on: "Turn microphone on",
    microphone_off: "Turn microphone off",
    camera_on: "Turn camera on",
    camera_off: "Turn camera off",
    failure,
    share_failure,
    try_again: "Try again",
    embedder_line: "allow=\"camera; microphone; display-capture; fullscreen; autoplay; screen-wake-lock\"",
    copy_line: "Copy line",
};

fn failure(which: Which, failure: DeviceFailure) -> Explanation {
    let (both, camera, microphone) = failure_titles(failure);
    Explanation {
        title: match which {
            Which::Both => both,
            Which::Camera => camera,
            Which::Microphone => microphone,
        },
        hint: failure_hint(failure),
    }
}

/// Of both, of the camera, of the microphone.
fn failure_titles(failure: DeviceFailure) -> (&'static str, &'static str, &'static str) {
    match failure {
        DeviceFailure::Denied => (
            "Camera and microphone are not allowed",
            "The camera is not allowed",
            "The microphone is not allowed",
        ),
        DeviceFailure::BlockedByEmbedder => (
            "This page may not use camera and microphone",
            "This page may not use the camera",
            "This page may not use the microphone",
        ),
        DeviceFailure::NotFound => (
            "No camera and no microphone found",
            "No camera found",
            "No microphone found",
        ),
        DeviceFailure::InUse => (
            "Camera and microphone are busy",
            "The camera is busy",
            "The microphone is busy",
        ),
        DeviceFailure::InsecureContext => (
            "Camera and microphone need a secure connection",
            "The camera needs a secure connection",
            "The microphone needs a secure connection",
        ),
        DeviceFailure::Unsupported => (
            "This browser has no access to camera and microphone",
            "This browser has no access to cameras",
            "This browser has no access to microphones",
        ),
        DeviceFailure::Other => (
            "Camera and microphone did not start",
            "The camera did not start",
            "The microphone did not start",
        ),
    }
}

fn failure_hint(failure: DeviceFailure) -> &'static str {
    match failure {
        DeviceFailure::Denied => {
            "Open the site settings beside the address of the page, allow the device there, and try again. On a computer, the system’s privacy settings may deny it to the browser too."
        }
        DeviceFailure::BlockedByEmbedder => {
            "The meeting is part of another page, which does not pass the permission on. Its owner can mend that with this line in the iframe:"
        }
        DeviceFailure::NotFound => {
            "Connect one; it is used as soon as it is there. You can join without it and still see and hear the others."
        }
        DeviceFailure::InUse => {
            "Another program or tab seems to use it. Close that one, or choose another device, and try again."
        }
        DeviceFailure::InsecureContext => {
            "Browsers give devices only to pages that are served over HTTPS. Open this page with an address that starts with “https://”."
        }
        DeviceFailure::Unsupported => {
            "Try a current version of Chrome, Edge, Firefox or Safari. You can join and see and hear the others."
        }
        DeviceFailure::Other => {
            "Unplug it and plug it in again, or choose another device, and try again."
        }
    }
}

fn share_failure(failure: DeviceFailure) -> Explanation {
    let hint = match failure {
        DeviceFailure::Denied => {
            "The browser or the system did not allow it. Look into the privacy settings of the system for screen recording."
        }
        DeviceFailure::BlockedByEmbedder => {
            "The page that contains the meeting does not pass the permission on. Its owner can add display-capture to the iframe’s allow list."
        }
        DeviceFailure::InsecureContext => {
            "Browsers share screens only from pages that are served over HTTPS."
        }
        DeviceFailure::Unsupported => "This browser cannot share a screen.",
        DeviceFailure::NotFound | DeviceFailure::InUse | DeviceFailure::Other => {
            "The browser could not record it. Try another window or the whole screen."
        }
    };
    Explanation {
        title: "The screen is not shared",
        hint,
    }
}

const PREJOIN: Prejoin = Prejoin {
    conference: "Conference",
    webinar: "Webinar",
    your_name: "Your name",
    name_placeholder: "How others shall see you",
    join: "Join",
    joining: "Joining…",
    unreachable: "The server cannot be reached. It is tried again until it answers.",
    camera_is_off: "Your camera is off",
    camera_starting: "The camera is starting…",
    preview: "Your camera",
    without_devices: "You will join without camera and microphone.",
};

const MEETING: Meeting = Meeting {
    heading: |room| format!("Meeting {room}"),
    stage: "Participants",
    controls: "Meeting controls",
    share: "Share screen",
    stop_sharing: "Stop sharing",
    chat: "Chat",
    unread: |count| match count {
        1 => "1 new message".into(),
        _ => format!("{count} new messages"),
    },
    people: "People",
    people_count: |count| match count {
        1 => "1 person".into(),
        _ => format!("{count} people"),
    },
    layout: "Layout",
    layout_name: |layout| match layout {
        Layout::Automatic => "Automatic",
        Layout::Grid => "Grid",
        Layout::Speaker => "Speaker",
    },
    settings: "Settings",
    full_screen: "Full screen",
    exit_full_screen: "Leave full screen",
    help: "Help",
    more: "More",
    leave: "Leave",
    device_problem: "There is a problem with it",
    reconnecting: "The connection is lost. Reconnecting…",
    server_restart: "The server is restarting. You will be back in a moment…",
    audio_blocked: "The browser holds the sound back.",
    play_audio: "Turn sound on",
    muted_hint: "You are speaking, but your microphone is off.",
    alone: "Nobody else is here yet",
    alone_hint: "Send the link to those whom you want to meet.",
    pages: "Pages",
    previous_page: "Previous page",
    next_page: "Next page",
    page_of: |page, pages| format!("{page} of {pages}"),
};

const TILE: Tile = Tile {
    screen_of: |name| format!("Screen of {name}"),
    own_screen: "You are sharing your screen",
    pin: |name| format!("Pin {name}"),
    unpin: |name| format!("Unpin {name}"),
    muted: "Microphone off",
    fair: "The connection is unsteady",
    poor: "The connection is poor",
    lost: "The connection is lost",
};

const PEOPLE: People = People {
    microphone_on: "microphone on",
    microphone_off: "microphone off",
    camera_on: "camera on",
    camera_off: "camera off",
    sharing: "is sharing a screen",
    lost: "connection lost",
};

const CHAT: Chat = Chat {
    empty: "No messages yet. Everybody in the meeting reads what is written here, and so do those who come later.",
    message: "Message",
    placeholder: "Write a message",
    send: "Send",
    sending: "Sending…",
    failed: "Not sent.",
    retry: "Try again",
    newest: "Latest messages",
    newer: "New messages",
    you: "You",
};

const SETTINGS: Settings = Settings {
    title: "Settings",
    devices: "Devices",
    name: "Your name",
    look: "Appearance",
    theme: |theme| match theme {
        Theme::System => "Automatic",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    },
    shortcuts: "Keyboard shortcuts",
    shortcuts_hint: "Single keys such as M for the microphone",
};

const HELP: Help = Help {
    title: "Keyboard shortcuts",
    microphone: "Microphone on or off",
    camera: "Camera on or off",
    share: "Share a screen or stop",
    chat: "Open or close the chat",
    people: "Open or close the list of people",
    layout: "Next layout",
    full_screen: "Full screen on or off",
    help: "This help",
    escape: "Close what is open",
    escape_key: "Esc",
    off: "Single-key shortcuts are switched off in the settings.",
};

const NOTICE: Notice = Notice {
    dismiss: "Dismiss",
    joined: |name| format!("{name} joined"),
    left: |name| format!("{name} left"),
    share_started: |name| format!("{name} is sharing a screen"),
    reconnected: "You are connected again",
    microphone_replaced: |label| format!("The microphone is gone. Now in use: {label}"),
    camera_replaced: |label| format!("The camera is gone. Now in use: {label}"),
    microphone_lost: "The microphone is gone, and there is no other",
    camera_lost: "The camera is gone, and there is no other",
};

const ENDED: Ended = Ended {
    explain: |reason| match reason {
        EndReason::Left => Explanation {
            title: "You left the meeting",
            hint: "The others go on. You can come back at any time.",
        },
        EndReason::Replaced => Explanation {
            title: "The meeting goes on in another window",
            hint: "You joined once more from another tab or device. Rejoin to bring it back here.",
        },
        EndReason::Refused(code) => refused(code),
    },
    rejoin: "Rejoin",
    rejoining: "Rejoining…",
    reload: "Reload the page",
};

fn refused(code: ErrorCode) -> Explanation {
    match code {
        ErrorCode::ProtocolVersion => Explanation {
            title: "This page is out of date",
            hint: "The server has a newer version. Reload the page to get it.",
        },
        ErrorCode::Replaced => Explanation {
            title: "The meeting goes on in another window",
            hint: "You joined once more from another tab or device. Rejoin to bring it back here.",
        },
        ErrorCode::SlowClient => Explanation {
            title: "Your connection was too slow",
            hint: "The server had to let it go. Rejoin when the network is better.",
        },
        ErrorCode::ServerShutdown => Explanation {
            title: "The server was shut down",
            hint: "Rejoin when it is up again.",
        },
        ErrorCode::MediaUnavailable | ErrorCode::BadOffer => Explanation {
            title: "Sound and picture could not be set up",
            hint: "Rejoin to try again. If it keeps failing, try another browser.",
        },
        ErrorCode::RateLimited => Explanation {
            title: "Too much at once",
            hint: "This page asked the server too often. Wait a moment, then rejoin.",
        },
        ErrorCode::SeatGone | ErrorCode::BadTicket | ErrorCode::NotJoined => Explanation {
            title: "Your seat in the meeting is gone",
            hint: "The connection was away for too long. Rejoin to take a new one.",
        },
        ErrorCode::BadMessage
        | ErrorCode::UnknownMessage
        | ErrorCode::AlreadyJoined
        | ErrorCode::ChatText
        | ErrorCode::Internal
        | ErrorCode::Unknown => Explanation {
            title: "The meeting could not go on",
            hint: "Something failed on the server’s side. Rejoin to try again.",
        },
    }
}
