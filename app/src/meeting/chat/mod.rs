//! The chat: history, and a field to write.

mod composer;
mod follow;
mod history;
mod message;

use leptos::prelude::*;

use super::panel::PanelFrame;
use crate::text::text;
use composer::Composer;
use history::History;

/// The chat panel.
#[component]
pub(super) fn Chat() -> impl IntoView {
    // a message of one's own leads back to the end of the history
    let sent = RwSignal::new(0_u32);
    view! {
        <PanelFrame title=text().meeting.chat>
            <History sent=sent />
            <Composer sent=sent />
        </PanelFrame>
    }
}
