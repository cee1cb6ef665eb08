//! Words for what the address of a room asks for, and for private rooms.

use crate::text::words::{Explanation, Plural, Template, section};

section! {
    /// What the address of a room makes of its page.
    Page {
        no_chat: &'static str,
        name_given: &'static str,
        you_watch: Explanation,
        watching: Plural,
        nobody_yet: Explanation,
        ready: &'static str,
        ready_hint: &'static str,
        ready_alone: &'static str,
        full_screen: &'static str,
        full_screen_hint: &'static str,
        full_screen_later: &'static str,
        full_screen_blocked: &'static str,
        full_screen_unsupported: &'static str,
    }
}

section! {
    /// The external player.
    Player {
        title: &'static str,
        open: &'static str,
        late: &'static str,
    }
}

section! {
    /// Rooms with a PIN.
    Private {
        title: &'static str,
        hint: &'static str,
        pin: &'static str,
        pin_short: &'static str,
        pin_rule: &'static str,
        make: &'static str,
        making: &'static str,
        made: &'static str,
        both: Template,
        copy: &'static str,
        another: &'static str,
        unreachable: &'static str,
        too_many: &'static str,
        by_token: &'static str,
        refused: &'static str,
        needs_script: &'static str,
    }
}
