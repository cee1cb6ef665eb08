//! The meeting: stage, toolbar, panels, dialogs.

mod avatar;
mod banners;
mod chat;
mod help;
pub(crate) mod layout;
mod notices;
mod order;
mod panel;
mod people;
pub(crate) mod scene;
mod settings;
mod shortcuts;
mod stage;
mod tile;
mod toolbar;

use leptos::{html, prelude::*};
use leptos_meta::Title;

use crate::{
    browser::wake_lock,
    state::{Desk, Panel, RoomPage},
    text::text,
};

/// Everything that is seen during a meeting.
#[component]
pub(crate) fn MeetingScreen() -> impl IntoView {
    let room = expect_context::<RoomPage>();
    let desk = expect_context::<Desk>();
    let words = text();
    wake_lock::hold();
    shortcuts::listen();
    on_cleanup(move || {
        // who comes back finds no dialog of before; the desk may be gone, too
        let _ = desk.overlay.try_set(None);
    });
    let main = NodeRef::<html::Main>::new();
    Effect::new(move |_| {
        if let Some(main) = main.get() {
            // the button that led here is gone, and the focus with it
            let _ = main.focus();
        }
    });
    let heading = (words.meeting.heading)(room.id.as_str());
    view! {
        <Title text=format!("{} · {}", room.id, words.common.brand) />
        <div class="meeting" data-panel=move || desk.panel.get().map(panel_name)>
            <main class="meeting__main" tabindex="-1" node_ref=main aria-label=words.meeting.stage>
                <h1 class="visually-hidden">{heading}</h1>
                <stage::Stage />
            </main>
            <panel::Panels />
            <footer class="meeting__foot">
                <toolbar::Toolbar />
            </footer>
            <div class="overlay">
                <banners::Banners />
                <notices::Notices />
            </div>
            <settings::SettingsDialog />
            <help::HelpDialog />
        </div>
    }
}

fn panel_name(panel: Panel) -> &'static str {
    match panel {
        Panel::Chat => "chat",
        Panel::People => "people",
    }
}
