//! The menus of the toolbar: layouts, and what does not fit a narrow page.

use leptos::prelude::*;

use crate::{
    browser::full_screen,
    components::{Glyph, Menu, MenuItem},
    meeting::scene::Layout,
    state::{Desk, Overlay, Panel},
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

/// What does not fit a narrow page.
#[component]
pub(super) fn MoreMenu() -> impl IntoView {
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
