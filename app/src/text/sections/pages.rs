//! Words of the pages beside the meeting, and of many places.

use protocol::{ID_MAX, InvalidId};

use crate::text::words::{Template, section};

section! {
    /// Words of many places.
    Common {
        brand: &'static str,
        guest: &'static str,
        organiser: &'static str,
        you: Template,
        close: &'static str,
        copy_link: &'static str,
        copied: &'static str,
        copy_failed: &'static str,
        loading: &'static str,
        part_missing: &'static str,
        needs_script: &'static str,
        to_start: &'static str,
    }
}

section! {
    /// The start page and the page that makes a room.
    Home {
        tagline: &'static str,
        new_conference: &'static str,
        conference_hint: &'static str,
        new_webinar: &'static str,
        webinar_hint: &'static str,
        have_room: &'static str,
        room_name: &'static str,
        enter: &'static str,
        title: &'static str,
        ready: &'static str,
        ready_hint: &'static str,
        kind: &'static str,
        conference: &'static str,
        webinar: &'static str,
        link: &'static str,
        link_viewers: &'static str,
        link_speakers: &'static str,
        copy_viewers: &'static str,
        copy_speakers: &'static str,
        another: &'static str,
        room_hint: &'static str,
    }
}

section! {
    /// Pages that say what is wrong.
    Problem {
        bad_room: &'static str,
        room_empty: &'static str,
        room_too_long: Template,
        room_with_space: &'static str,
        room_with_character: Template,
        bad_room_rule: &'static str,
        not_found: &'static str,
        not_found_hint: &'static str,
        new_room: &'static str,
    }
}

impl Problem {
    /// What is wrong with a room's name.
    pub(crate) fn bad_room_why(&self, error: InvalidId) -> String {
        match error {
            InvalidId::Empty => self.room_empty.to_owned(),
            InvalidId::TooLong => self.room_too_long.with(ID_MAX.to_string()),
            InvalidId::Character(' ') => self.room_with_space.to_owned(),
            InvalidId::Character(c) => self.room_with_character.with(c.to_string()),
        }
    }
}
