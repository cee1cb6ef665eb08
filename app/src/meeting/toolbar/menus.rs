//! The menus of the toolbar: layouts, and what does not fit a narrow page.

use leptos::prelude::*;

use super::{language::LanguageItems, record::RecordItem, rights::toggle_hand};
use crate::{
    browser::full_screen,
    components::{Glyph, Menu, MenuItem},
    meeting::scene::Layout,
    state::{Desk, Meeting, Overlay, Panel},
    text::text,
};

/// Which layout.
#[component]
pub(super) fn LayoutMenu() -> impl IntoView {
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
                    label=Signal::derive(move || words.layout_name(layout).to_owned())
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

/// The raised hand, where the page is too narrow for its tool.
#[component]
fn HandItem() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().tools;
    let raised = Memo::new(move |_| store.own_hand().is_some());
    let label = Signal::derive(move || match raised.get() {
        true => words.lower_hand.to_owned(),
        false => words.raise_hand.to_owned(),
    });
    view! {
        <Show when=move || store.may_raise_hand() || raised.get()>
            <MenuItem
                class="menu__item--hand"
                label=label
                glyph=icondata::LuHand
                on_choose=move |()| toggle_hand(meeting)
            />
        </Show>
    }
}

/// What does not fit a narrow page.
#[component]
pub(super) fn MoreMenu() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let name = |label: &'static str| Signal::derive(move || label.to_owned());
    let full = full_screen::is_available();
    let store = Meeting::expect().store;
    let waiting = Memo::new(move |_| match store.leads() {
        true => store.waiting.with(Vec::len),
        false => 0,
    });
    let badge = Signal::derive(move || (waiting.get() > 0).then(|| waiting.get().to_string()));
    let people = Signal::derive(move || match waiting.get() {
        0 => words.people.to_owned(),
        count => format!(
            "{}: {}",
            words.people,
            text().moderation.waiting_count.of(count)
        ),
    });
    view! {
        <Menu class="tool--narrow menu--more" label=words.more glyph=icondata::LuEllipsisVertical badge=badge>
            <MenuItem
                class="menu__item--people"
                label=people
                glyph=icondata::LuUsers
                on_choose=move |()| desk.toggle_panel(Panel::People)
            />
            <HandItem />
            <RecordItem />
            <LanguageItems />
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
