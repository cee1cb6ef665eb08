//! The toolbar: what one does all the time as buttons, the rest in a menu
//! where the page is narrow.

mod menus;
mod panel_tool;
mod tools;
mod walk;

use client::Intent;
use leptos::{html, prelude::*};

use crate::{
    components::Icon,
    devices::Switch,
    state::{Desk, Meeting, Overlay, Panel},
    text::text,
};
use menus::{LayoutMenu, MoreMenu};
use panel_tool::PanelTool;
use tools::{FullScreenTool, ShareTool, SwitchTool, Tool};
use walk::walk;

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
                <SwitchTool switch=Switch::microphone(meeting) key="m" />
                <SwitchTool switch=Switch::camera(meeting) key="v" />
                <ShareTool />
            </div>
            <div class="toolbar__group">
                <PanelTool panel=Panel::Chat />
                <PanelTool panel=Panel::People />
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
            <MutedHint />
        </div>
    }
}

/// Says that nobody hears what is being said.
#[component]
fn MutedHint() -> impl IntoView {
    let store = Meeting::expect().store;
    view! {
        <p class="muted-hint" role="status">
            {move || store.speaking_while_muted.get().then_some(text().meeting.muted_hint)}
        </p>
    }
}
