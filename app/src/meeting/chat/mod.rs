//! The chat: history, and a field to write.

mod composer;
mod follow;
mod history;
mod message;

use leptos::prelude::*;

use super::panel::PanelFrame;
use crate::{state::Meeting, text::text};
use composer::Composer;
use history::History;

/// The chat panel.
#[component]
pub(super) fn Chat() -> impl IntoView {
    // a message of one's own leads back to the end of the history
    let sent = RwSignal::new(0_u32);
    let store = Meeting::expect().store;
    let may_write = Memo::new(move |_| store.may_chat());
    let read_only = || view! { <p class="chat__read-only">{text().chat.read_only}</p> };
    view! {
        <PanelFrame title=text().meeting.chat>
            <History sent=sent />
            <Show when=move || may_write.get() fallback=read_only>
                <Composer sent=sent />
            </Show>
        </PanelFrame>
    }
}
