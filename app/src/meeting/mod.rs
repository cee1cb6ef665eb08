//! The meeting: stage, toolbar, panels, dialogs.

mod asked;
mod attendance;
mod avatar;
mod banners;
mod chat;
mod full_screen;
mod help;
pub(crate) mod layout;
pub(crate) mod moderation;
mod notices;
mod order;
mod panel;
mod people;
mod player;
mod recording;
pub(crate) mod scene;
mod settings;
mod shortcuts;
pub(crate) mod stage;
mod tile;
mod toolbar;

use leptos::{html, prelude::*};
use leptos_meta::Title;

use crate::{
    brand,
    browser::{
        language::{self, translated},
        wake_lock,
    },
    page::Page,
    state::{Desk, Panel, RoomPage},
    text::text,
};

/// Everything that is seen during a meeting.
#[component]
pub(crate) fn MeetingScreen() -> impl IntoView {
    let room = expect_context::<RoomPage>();
    let desk = expect_context::<Desk>();
    let page = Page::expect();
    wake_lock::hold();
    let hidden = page.controls_hidden;
    let main = NodeRef::<html::Main>::new();
    listen_while_shown(hidden);
    take_focus(main);
    // each part follows the language by itself: the stage must not be made anew
    view! {
        {translated(move || view! { <Title text=format!("{} · {}", room.id, brand::name()) /> })}
        <div
            class="meeting"
            data-panel=move || desk.panel.get().map(panel_name)
            data-bare=move || hidden.get().then_some("true")
        >
            <main
                class="meeting__main"
                tabindex="-1"
                node_ref=main
                aria-label=move || {
                    language::track();
                    text().meeting.stage
                }
            >
                {translated(Heading)}
                <stage::Stage />
                {translated(|| view! { <recording::RecordingBadge /> })}
                <recording::RecordingAnnouncer />
            </main>
            {translated(panel::Panels)}
            {translated(move || view! { <Around hidden=hidden /> })}
        </div>
    }
}

/// What stands around and above the stage.
#[component]
fn Around(hidden: RwSignal<bool>) -> impl IntoView {
    view! {
        <Show when=move || !hidden.get()>
            <footer class="meeting__foot">
                <toolbar::Toolbar />
            </footer>
        </Show>
        <div class="overlay">
            <banners::Banners />
            <full_screen::FullScreenPrompt />
            <asked::AskedCard />
            <notices::Notices />
        </div>
        <settings::SettingsDialog />
        <help::HelpDialog />
        <moderation::ConfirmDialog />
    }
}

/// Keys work while the controls are shown.
fn listen_while_shown(hidden: RwSignal<bool>) {
    Effect::new(move |_| {
        if !hidden.get() {
            // until the controls are hidden again
            shortcuts::listen();
        }
    });
}

/// The button that led here is gone, and the focus with it.
fn take_focus(main: NodeRef<html::Main>) {
    Effect::new(move |_| {
        if let Some(main) = main.get() {
            let _ = main.focus();
        }
    });
}

/// What the page is about, for those who hear it.
#[component]
fn Heading() -> impl IntoView {
    let room = expect_context::<RoomPage>();
    let heading = text().meeting.heading.with(room.id.as_str());
    view! { <h1 class="visually-hidden">{heading}</h1> }
}

fn panel_name(panel: Panel) -> &'static str {
    match panel {
        Panel::Chat => "chat",
        Panel::People => "people",
    }
}
