//! Recording, for those who may: as a tool, and as an item where the page is
//! narrow.

use leptos::prelude::*;

use super::tools::Tool;
use crate::{
    components::{Glyph, MenuItem},
    meeting::recording::{is_on, press, why_not},
    state::{Desk, Meeting, Store},
    text::text,
};

/// Starts or stops the recording, after a question.
#[component]
pub(super) fn RecordTool() -> impl IntoView {
    let store = Meeting::expect().store;
    let desk = expect_context::<Desk>();
    let shown = Memo::new(move |_| store.may_record());
    let on = Memo::new(move |_| is_on(store));
    let denied = Memo::new(move |_| why_not(store).is_some());
    let (label, glyph) = (label(store), glyph(on));
    view! {
        <Show when=move || shown.get()>
            <Tool
                class="tool--wide tool--record"
                label=label
                glyph=glyph
                active=on
                denied=denied
                on_press=move |()| press(store, desk)
            />
        </Show>
    }
}

/// The same within a menu.
#[component]
pub(super) fn RecordItem() -> impl IntoView {
    let store = Meeting::expect().store;
    let desk = expect_context::<Desk>();
    let shown = Memo::new(move |_| store.may_record());
    let on = is_on_now(store);
    let label = label(store);
    view! {
        <Show when=move || shown.get()>
            <MenuItem
                label=Signal::derive(move || label.get().to_owned())
                glyph=if on { icondata::LuCircleStop } else { icondata::LuCircleDot }
                on_choose=move |()| press(store, desk)
            />
        </Show>
    }
}

fn is_on_now(store: Store) -> bool {
    untrack(|| is_on(store))
}

/// What pressing does, or why it does nothing. Tracks.
fn label(store: Store) -> Signal<&'static str> {
    let words = &text().recording;
    Signal::derive(move || match why_not(store) {
        Some(why) => words.why_not(why).title,
        None if is_on(store) => words.stop,
        None => words.start,
    })
}

fn glyph(on: Memo<bool>) -> Signal<Glyph> {
    Signal::derive(move || match on.get() {
        true => icondata::LuCircleStop,
        false => icondata::LuCircleDot,
    })
}
