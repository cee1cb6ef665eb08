//! The toolbar: what one does all the time as buttons, the rest in a menu
//! where the page is narrow.

mod hand;
mod language;
mod menus;
mod panel_tool;
mod record;
mod rights;
mod tools;
mod walk;

use client::Intent;
use leptos::{html, prelude::*};
use protocol::Source;

use crate::{
    components::Icon,
    state::{Desk, Meeting, Overlay, Panel},
    text::text,
};
use hand::HandTool;
use language::LanguageMenu;
use menus::{LayoutMenu, MoreMenu};
use panel_tool::PanelTool;
use record::RecordTool;
use tools::{FullScreenTool, ShareTool, SwitchTool, Tool};
use walk::walk;

pub(in crate::meeting) use rights::{toggle_hand, toggle_input, toggle_share};

/// The toolbar of a meeting. Arrow keys go along it.
#[component]
pub(super) fn Toolbar() -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let bar = NodeRef::<html::Div>::new();
    let leave = move |_| meeting.send(Intent::Leave);
    view! {
        <div
            class="toolbar"
            role="toolbar"
            aria-label=words.controls
            node_ref=bar
            on:keydown=move |event| walk(&event, bar)
        >
            <div class="toolbar__group">
                <SwitchTool source=Source::Microphone key="m" />
                <SwitchTool source=Source::Camera key="v" />
                <ShareTool />
                <HandTool />
                <RecordTool />
            </div>
            <div class="toolbar__group">
                <PanelTool panel=Panel::Chat />
                <PanelTool panel=Panel::People />
                <LanguageMenu />
                <LayoutMenu />
            </div>
            <div class="toolbar__group">
                <Tool
                    class="tool--wide"
                    label=words.settings
                    glyph=icondata::LuSettings
                    on_press=move |()| desk.overlay.set(Some(Overlay::Settings))
                />
                <FullScreenTool />
                <Tool
                    class="tool--wide"
                    label=words.help
                    glyph=icondata::LuCircleHelp
                    key="?"
                    on_press=move |()| desk.overlay.set(Some(Overlay::Help))
                />
                <MoreMenu />
                <button type="button" class="tool tool--leave" aria-label=words.leave title=words.leave on:click=leave>
                    <Icon glyph=icondata::LuPhoneOff />
                </button>
            </div>
            <Hint />
        </div>
    }
}

/// Says that nobody hears what is being said, or why something stays off.
#[component]
fn Hint() -> impl IntoView {
    let store = Meeting::expect().store;
    let denied = expect_context::<Desk>().denied;
    let says = move || match denied.get() {
        Some(what) => Some(rights::denied(what)),
        None => store
            .speaking_while_muted
            .get()
            .then_some(text().meeting.muted_hint),
    };
    view! {
        <p class="muted-hint" role="status">
            {says}
        </p>
    }
}
