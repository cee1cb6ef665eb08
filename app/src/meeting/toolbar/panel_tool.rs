//! Buttons that open a panel and count what is in it.

use leptos::prelude::*;

use crate::{
    components::Icon,
    state::{Desk, Meeting, Panel},
    text::text,
};

/// Opens a panel; shows how many messages were missed, or how many people there are.
#[component]
pub(super) fn PanelTool(panel: Panel) -> impl IntoView {
    let store = Meeting::expect().store;
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let (label, glyph, key, class) = match panel {
        Panel::Chat => (words.chat, icondata::LuMessageSquare, "c", ""),
        Panel::People => (words.people, icondata::LuUsers, "p", "tool--middle"),
    };
    let id = format!("{key}-count");
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
    view! {
        <button
            type="button"
            class=format!("tool {class}")
            aria-label=label
            title=label
            aria-keyshortcuts=key
            aria-describedby=described_by
            aria-expanded=move || (desk.panel.get() == Some(panel)).to_string()
            data-badge=move || (count.get() > 0).then(|| short(count.get()))
            data-badge-kind=(panel == Panel::People).then_some("quiet")
            on:click=move |_| desk.toggle_panel(panel)
        >
            <Icon glyph=glyph />
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
