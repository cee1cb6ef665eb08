//! Every word that the page says, one struct per place, one value per language.
//!
//! Components ask [`text`] and never hold words of their own. A new language
//! is a new file beside `en.rs` and one more line in [`by_tag`].

mod en;
mod initials;
mod links;
mod room_name;

use client::model::{DeviceFailure, EndReason};
use leptos::prelude::*;
use protocol::InvalidId;

use crate::{browser::theme::Theme, meeting::scene::Layout};

pub(crate) use initials::initials;
pub(crate) use links::{Piece, pieces};
pub(crate) use room_name::room_name;

/// A title and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explanation {
    pub(crate) title: &'static str,
    pub(crate) hint: &'static str,
}

/// Which device an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Camera,
    Microphone,
    Both,
}

/// All words of one language.
pub(crate) struct Text {
    /// BCP 47 tag, for `<html lang>` and for times.
    pub(crate) lang: &'static str,
    /// `ltr` or `rtl`.
    pub(crate) dir: &'static str,
    pub(crate) common: Common,
    pub(crate) home: Home,
    pub(crate) problem: Problem,
    pub(crate) devices: Devices,
    pub(crate) prejoin: Prejoin,
    pub(crate) meeting: Meeting,
    pub(crate) tile: Tile,
    pub(crate) people: People,
    pub(crate) chat: Chat,
    pub(crate) settings: Settings,
    pub(crate) help: Help,
    pub(crate) notice: Notice,
    pub(crate) ended: Ended,
}

/// Words of many places.
pub(crate) struct Common {
    pub(crate) brand: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) you: fn(&str) -> String,
    pub(crate) close: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) copy_failed: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) needs_script: &'static str,
    pub(crate) to_start: &'static str,
}

/// The start page and the page that makes a room.
pub(crate) struct Home {
    pub(crate) tagline: &'static str,
    pub(crate) new_conference: &'static str,
    pub(crate) conference_hint: &'static str,
    pub(crate) new_webinar: &'static str,
    pub(crate) webinar_hint: &'static str,
    pub(crate) have_room: &'static str,
    pub(crate) room_name: &'static str,
    pub(crate) enter: &'static str,
    pub(crate) title: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) ready_hint: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) conference: &'static str,
    pub(crate) webinar: &'static str,
    pub(crate) link: &'static str,
    pub(crate) another: &'static str,
    pub(crate) room_hint: &'static str,
}

/// Pages that say what is wrong.
pub(crate) struct Problem {
    pub(crate) bad_room: &'static str,
    pub(crate) bad_room_why: fn(InvalidId) -> String,
    pub(crate) bad_room_rule: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_hint: &'static str,
    pub(crate) new_room: &'static str,
}

/// Cameras, microphones, speakers.
pub(crate) struct Devices {
    pub(crate) camera: &'static str,
    pub(crate) microphone: &'static str,
    pub(crate) speaker: &'static str,
    pub(crate) unnamed: fn(&str, usize) -> String,
    pub(crate) none: &'static str,
    pub(crate) system_default: &'static str,
    pub(crate) level: &'static str,
    pub(crate) microphone_on: &'static str,
    pub(crate) microphone_off: &'static str,
    pub(crate) camera_on: &'static str,
    pub(crate) camera_off: &'static str,
    pub(crate) failure: fn(Which, DeviceFailure) -> Explanation,
    pub(crate) share_failure: fn(DeviceFailure) -> Explanation,
    pub(crate) try_again: &'static str,
    pub(crate) embedder_line: &'static str,
    pub(crate) copy_line: &'static str,
}

/// Before joining.
pub(crate) struct Prejoin {
    pub(crate) conference: &'static str,
    pub(crate) webinar: &'static str,
    pub(crate) your_name: &'static str,
    pub(crate) name_placeholder: &'static str,
    pub(crate) join: &'static str,
    pub(crate) joining: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) camera_is_off: &'static str,
    pub(crate) camera_starting: &'static str,
    pub(crate) preview: &'static str,
    pub(crate) without_devices: &'static str,
}

/// The meeting's frame and toolbar.
pub(crate) struct Meeting {
    pub(crate) heading: fn(&str) -> String,
    pub(crate) stage: &'static str,
    pub(crate) controls: &'static str,
    pub(crate) share: &'static str,
    pub(crate) stop_sharing: &'static str,
    pub(crate) chat: &'static str,
    pub(crate) unread: fn(u32) -> String,
    pub(crate) people: &'static str,
    pub(crate) people_count: fn(usize) -> String,
    pub(crate) layout: &'static str,
    pub(crate) layout_name: fn(Layout) -> &'static str,
    pub(crate) settings: &'static str,
    pub(crate) full_screen: &'static str,
    pub(crate) exit_full_screen: &'static str,
    pub(crate) help: &'static str,
    pub(crate) more: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) device_problem: &'static str,
    pub(crate) reconnecting: &'static str,
    pub(crate) server_restart: &'static str,
    pub(crate) audio_blocked: &'static str,
    pub(crate) play_audio: &'static str,
    pub(crate) muted_hint: &'static str,
    pub(crate) alone: &'static str,
    pub(crate) alone_hint: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) previous_page: &'static str,
    pub(crate) next_page: &'static str,
    pub(crate) page_of: fn(usize, usize) -> String,
}

/// One tile.
pub(crate) struct Tile {
    pub(crate) screen_of: fn(&str) -> String,
    pub(crate) own_screen: &'static str,
    pub(crate) pin: fn(&str) -> String,
    pub(crate) unpin: fn(&str) -> String,
    pub(crate) muted: &'static str,
    pub(crate) fair: &'static str,
    pub(crate) poor: &'static str,
    pub(crate) lost: &'static str,
}

/// The people list.
pub(crate) struct People {
    pub(crate) microphone_on: &'static str,
    pub(crate) microphone_off: &'static str,
    pub(crate) camera_on: &'static str,
    pub(crate) camera_off: &'static str,
    pub(crate) sharing: &'static str,
    pub(crate) lost: &'static str,
}

/// The chat.
pub(crate) struct Chat {
    pub(crate) empty: &'static str,
    pub(crate) message: &'static str,
    pub(crate) placeholder: &'static str,
    pub(crate) send: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) newer: &'static str,
    pub(crate) you: &'static str,
}

/// The settings dialog.
pub(crate) struct Settings {
    pub(crate) title: &'static str,
    pub(crate) devices: &'static str,
    pub(crate) name: &'static str,
    pub(crate) look: &'static str,
    pub(crate) theme: fn(Theme) -> &'static str,
    pub(crate) shortcuts: &'static str,
    pub(crate) shortcuts_hint: &'static str,
}

/// The help dialog.
pub(crate) struct Help {
    pub(crate) title: &'static str,
    pub(crate) microphone: &'static str,
    pub(crate) camera: &'static str,
    pub(crate) share: &'static str,
    pub(crate) chat: &'static str,
    pub(crate) people: &'static str,
    pub(crate) layout: &'static str,
    pub(crate) full_screen: &'static str,
    pub(crate) help: &'static str,
    pub(crate) escape: &'static str,
    pub(crate) escape_key: &'static str,
    pub(crate) off: &'static str,
}

/// Things to tell once.
pub(crate) struct Notice {
    pub(crate) dismiss: &'static str,
    pub(crate) joined: fn(&str) -> String,
    pub(crate) left: fn(&str) -> String,
    pub(crate) share_started: fn(&str) -> String,
    pub(crate) reconnected: &'static str,
    pub(crate) microphone_replaced: fn(&str) -> String,
    pub(crate) camera_replaced: fn(&str) -> String,
    pub(crate) microphone_lost: &'static str,
    pub(crate) camera_lost: &'static str,
}

/// After the meeting.
pub(crate) struct Ended {
    pub(crate) explain: fn(EndReason) -> Explanation,
    pub(crate) rejoin: &'static str,
    pub(crate) rejoining: &'static str,
    pub(crate) reload: &'static str,
}

/// The words of a language, English where there is none.
pub(crate) fn by_tag(_tag: &str) -> &'static Text {
    &en::TEXT
}

/// The words of this page: those of `<html lang>` in the browser.
#[cfg(target_arch = "wasm32")]
pub(crate) fn of_document() -> &'static Text {
    let tag = document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"));
    by_tag(tag.as_deref().unwrap_or_default())
}

/// The words of this page: those that the document was rendered with.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn of_document() -> &'static Text {
    by_tag("en")
}

/// The words for the component that asks.
pub(crate) fn text() -> &'static Text {
    use_context::<&'static Text>().unwrap_or_else(of_document)
}
