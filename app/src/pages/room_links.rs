//! The links of a new room: one for everybody, or in a webinar one for those
//! who watch and one for those who speak.

use leptos::prelude::*;
use protocol::RoomKind;

use crate::text::text;

/// What a webinar's address says for somebody on stage.
const SPEAKS: &str = "itisparticipant=true";

/// A link, what it is called, and the button that copies it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoomLink {
    pub(super) label: &'static str,
    pub(super) copy: &'static str,
    speaks: bool,
}

impl RoomLink {
    /// The links of a kind of room, the one to pass on first.
    pub(super) fn of(kind: RoomKind) -> Vec<Self> {
        let words = text();
        let link = |label, copy, speaks| Self {
            label,
            copy,
            speaks,
        };
        match kind {
            RoomKind::Call => vec![link(words.home.link, words.common.copy_link, false)],
            RoomKind::Webinar => vec![
                link(words.home.link_viewers, words.home.copy_viewers, false),
                link(words.home.link_speakers, words.home.copy_speakers, true),
            ],
        }
    }

    /// The address, from that of the room; nothing from nothing.
    pub(super) fn address(self, room: String) -> String {
        if self.speaks && !room.is_empty() {
            format!("{room}?{SPEAKS}")
        } else {
            room
        }
    }
}

/// The way in for whoever made the room: on stage.
pub(super) fn own_way(kind: RoomKind, room: String) -> String {
    match kind {
        RoomKind::Call => room,
        RoomKind::Webinar => format!("{room}?{SPEAKS}"),
    }
}

/// The same for a form.
#[component]
pub(super) fn OwnWay(kind: RoomKind) -> impl IntoView {
    let (name, value) = SPEAKS.split_once('=').unwrap_or((SPEAKS, ""));
    (kind == RoomKind::Webinar).then(|| view! { <input type="hidden" name=name value=value /> })
}

/// The links to be read and selected.
#[component]
pub(super) fn RoomLinks(
    kind: RoomKind,
    /// The room's address; empty while it has none.
    #[prop(into)]
    room: Signal<String>,
) -> impl IntoView {
    RoomLink::of(kind)
        .into_iter()
        .map(|link| {
            view! {
                <p class="link-box">
                    <span class="field__label">{link.label}</span>
                    <output class="link-box__link">{move || link.address(room.get())}</output>
                </p>
            }
        })
        .collect_view()
}
