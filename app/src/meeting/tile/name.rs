//! What a participant is called.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{browser::language, state::Person, text::text};

/// The name as it was given; may be empty.
pub(in crate::meeting) fn plain_name(person: &Arc<Person>) -> Signal<String> {
    let name = person.name.clone();
    Signal::derive(move || name.with(|name| name.as_str().to_owned()))
}

/// A participant's name as others read it, one's own marked.
pub(in crate::meeting) fn shown_name(person: &Arc<Person>) -> Signal<String> {
    let (name, me) = (person.name.clone(), person.me);
    Signal::derive(move || {
        language::track();
        let common = &text().common;
        name.with(|name| {
            let name = match name.as_str() {
                "" => common.guest,
                name => name,
            };
            if me {
                common.you.with(name)
            } else {
                name.to_owned()
            }
        })
    })
}

/// What a tile is called: the participant, or their screen.
pub(super) fn tile_name(person: &Arc<Person>, is_screen: bool) -> Signal<String> {
    let shown = shown_name(person);
    Signal::derive(move || match is_screen {
        true => text().tile.screen_of.with(shown.get()),
        false => shown.get(),
    })
}
