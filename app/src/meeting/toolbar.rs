//! The toolbar: what one does all the time as buttons, the rest in a menu
//! where the page is narrow.

use client::{Intent, model::ScreenShare};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::scene::Layout;
use crate::{
    browser::full_screen,
    components::{Glyph, Icon, Menu, MenuItem},
    devices::Switch,
    state::{Desk, Meeting, Overlay, Panel},
    text::text,
};

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

/// A plain button of the toolbar.
#[component]
fn Tool(
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] glyph: Signal<Glyph>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] key: Option<&'static str>,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    #[prop(into)] on_press: Callback<()>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("tool {class}")
            aria-label=move || label.get()
            title=move || label.get()
            aria-keyshortcuts=key
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            on:click=move |_| on_press.run(())
        >
            {move || view! { <Icon glyph=glyph.get() /> }}
            {children.map(|children| children())}
        </button>
    }
}

/// Microphone or camera.
#[component]
fn SwitchTool(switch: Switch, key: &'static str) -> impl IntoView {
    let problem = move || {
        switch.has_failed().then(|| {
            view! {
                <span class="badge badge--alert" role="img" aria-label=text().meeting.device_problem>
                    "!"
                </span>
            }
        })
    };
    view! {
        <button
            type="button"
            class="tool"
            data-on=move || switch.is_on().to_string()
            aria-label=move || switch.label()
            title=move || switch.label()
            aria-keyshortcuts=key
            on:click=move |_| switch.toggle()
        >
            {move || view! { <Icon glyph=switch.glyph() /> }}
            {problem}
        </button>
    }
}

/// Share a screen, or stop; hidden where the browser cannot.
#[component]
fn ShareTool() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().meeting;
    let on = Memo::new(move |_| matches!(store.screen.get(), ScreenShare::On { .. }));
    let label = Signal::derive(move || {
        if on.get() {
            words.stop_sharing
        } else {
            words.share
        }
    });
    let glyph = Signal::derive(move || match on.get() {
        true => icondata::LuScreenShareOff,
        false => icondata::LuScreenShare,
    });
    view! {
        <Show when=move || store.can_share.get()>
            <Tool
                label=label
                glyph=glyph
                key="s"
                class="tool--share"
                on_press=move |()| meeting.send(Intent::SetScreen(!on.get_untracked()))
            />
        </Show>
    }
}

/// Opens a panel; shows how many messages were missed, or how many people there are.
#[component]
fn PanelTool(panel: Panel) -> impl IntoView {
    let store = Meeting::expect().store;
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let (label, glyph, key, class) = match panel {
        Panel::Chat => (words.chat, icondata::LuMessageSquare, "c", ""),
        Panel::People => (words.people, icondata::LuUsers, "p", "tool--middle"),
    };
    let id = format!("{}-count", label.to_lowercase());
    let described_by = id.clone();
    let (count, said) = match panel {
        Panel::Chat => (
            Signal::derive(move || store.unread.get()),
            Callback::new(move |count| (words.unread)(count)),
        ),
        Panel::People => (
            Signal::derive(move || u32::try_from(store.people.with(Vec::len)).unwrap_or(u32::MAX)),
            Callback::new(move |count: u32| {
                (words.people_count)(usize::try_from(count).unwrap_or(usize::MAX))
            }),
        ),
    };
    let badge = match panel {
        Panel::Chat => "badge",
        Panel::People => "badge badge--quiet",
    };
    view! {
        <button
            type="button"
            class=format!("tool {class}")
            aria-label=label
            title=label
            aria-keyshortcuts=key
            aria-describedby=described_by
            aria-expanded=move || (desk.panel.get() == Some(panel)).to_string()
            on:click=move |_| desk.toggle_panel(panel)
        >
            <Icon glyph=glyph />
            {move || (count.get() > 0).then(|| view! { <span class=badge aria-hidden="true">{short(count.get())}</span> })}
        </button>
        <span id=id hidden>
            {move || (count.get() > 0).then(|| said.run(count.get()))}
        </span>
    }
}

/// A count that fits a badge.
fn short(count: u32) -> String {
    if count > 99 {
        "99+".to_owned()
    } else {
        count.to_string()
    }
}

/// Which layout.
#[component]
fn LayoutMenu() -> impl IntoView {
    view! {
        <Menu class="tool--wide" label=text().meeting.layout glyph=icondata::LuLayoutGrid>
            <LayoutItems />
        </Menu>
    }
}

/// The layouts to choose from.
#[component]
fn LayoutItems() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    Layout::ALL
        .into_iter()
        .map(|layout| {
            let checked = Signal::derive(move || desk.layout.get() == layout);
            view! {
                <MenuItem
                    label=Signal::derive(move || (words.layout_name)(layout).to_owned())
                    glyph=layout_glyph(layout)
                    checked=checked
                    on_choose=move |()| desk.choose_layout(layout)
                />
            }
        })
        .collect_view()
}

fn layout_glyph(layout: Layout) -> Glyph {
    match layout {
        Layout::Automatic => icondata::LuGalleryVerticalEnd,
        Layout::Grid => icondata::LuLayoutGrid,
        Layout::Speaker => icondata::LuUser,
    }
}

/// Full screen; hidden where it cannot be had.
#[component]
fn FullScreenTool() -> impl IntoView {
    let words = &text().meeting;
    let full = full_screen::watch();
    let label = Signal::derive(move || match full.get() {
        true => words.exit_full_screen,
        false => words.full_screen,
    });
    let glyph = Signal::derive(move || match full.get() {
        true => icondata::LuMinimize,
        false => icondata::LuMaximize,
    });
    full_screen::is_available().then(|| {
        view! {
            <Tool class="tool--wide" label=label glyph=glyph key="f" on_press=|()| full_screen::toggle() />
        }
    })
}

/// What does not fit a narrow page.
#[component]
fn MoreMenu() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let name = |label: &'static str| Signal::derive(move || label.to_owned());
    let full = full_screen::is_available();
    view! {
        <Menu class="tool--narrow" label=words.more glyph=icondata::LuEllipsisVertical>
            <MenuItem
                class="menu__item--people"
                label=name(words.people)
                glyph=icondata::LuUsers
                on_choose=move |()| desk.toggle_panel(Panel::People)
            />
            <LayoutItems />
            <MenuItem
                label=name(words.settings)
                glyph=icondata::LuSettings
                on_choose=move |()| desk.overlay.set(Some(Overlay::Settings))
            />
            {full
                .then(|| {
                    view! {
                        <MenuItem
                            label=name(words.full_screen)
                            glyph=icondata::LuMaximize
                            on_choose=|()| full_screen::toggle()
                        />
                    }
                })}
            <MenuItem
                label=name(words.help)
                glyph=icondata::LuCircleHelp
                on_choose=move |()| desk.overlay.set(Some(Overlay::Help))
            />
        </Menu>
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

/// Moves the focus along the toolbar by arrow keys, as toolbars have it.
fn walk(event: &ev::KeyboardEvent, bar: NodeRef<html::Div>) {
    let forward = match event.key().as_str() {
        "ArrowRight" => text().dir == "ltr",
        "ArrowLeft" => text().dir == "rtl",
        _ => return,
    };
    let Some(bar) = bar.get_untracked() else {
        return;
    };
    let tools = visible_tools(&bar);
    let active = document().active_element();
    let at = tools
        .iter()
        .position(|tool| active.as_ref() == Some(tool.as_ref()));
    let Some(at) = at else { return };
    let count = tools.len();
    let next = if forward { at + 1 } else { at + count - 1 } % count;
    event.prevent_default();
    let _ = tools[next].focus();
}

fn visible_tools(bar: &web_sys::HtmlDivElement) -> Vec<HtmlElement> {
    let Ok(found) = bar.query_selector_all("button.tool") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|i| found.item(i)?.dyn_into().ok())
        .filter(|tool: &HtmlElement| tool.offset_parent().is_some())
        .collect()
}
