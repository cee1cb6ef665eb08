//! Words on the way into a room.

use crate::text::words::{Explanation, Plural, Template, section};

section! {
    /// Before the door of a room.
    Lobby {
        waiting: Explanation,
        pin: Explanation,
        pin_label: &'static str,
        pin_enter: &'static str,
        pin_checking: &'static str,
        pin_wrong: &'static str,
        pin_limited: &'static str,
        pin_again: Template,
        pin_digits: &'static str,
        early: Explanation,
        early_start: &'static str,
        early_in: Template,
        early_days: Plural,
        early_now: &'static str,
    }
}
