//! Buttons that open a panel and count what is in it.

use leptos::prelude::*;

use crate::{
    components::Icon,
    page::Page,
    state::{Desk, Meeting, Panel},
    text::text,
};

/// Opens a panel; shows how many messages were missed, how many people there
/// are, or, to moderators, how many wait to be let in.
#[component]
pub(super) fn PanelTool(panel: Panel) -> impl IntoView {
    let store = Meeting::expect().store;
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let (label, glyph, key, class) = match panel {
        Panel::Chat => (words.chat, icondata::LuMessageSquare, "c", ""),
        Panel::People => (words.people, icondata::LuUsers, "p", "tool--middle"),
    };
    // it stays in its place and says why it does nothing
    let off = panel == Panel::Chat && Page::expect().chat_disabled();
    let id = format!("{key}-count");
    let described_by = id.clone();
    // who waits is more urgent than who is here
    let waiting = Memo::new(move |_| match panel {
        Panel::People if store.leads() => store.waiting.with(Vec::len),
        Panel::People | Panel::Chat => 0,
    });
    let count = Memo::new(move |_| match panel {
        Panel::Chat if off => 0,
        Panel::Chat => usize::try_from(store.unread.get()).unwrap_or(usize::MAX),
        Panel::People if waiting.get() > 0 => waiting.get(),
        Panel::People => store.people.with(Vec::len),
    });
    let said = move || match (panel, count.get()) {
        _ if off => Some(text().page.no_chat.to_owned()),
        (_, 0) => None,
        (Panel::Chat, count) => Some(words.unread.of(count)),
        (Panel::People, count) if waiting.get() > 0 => {
            Some(text().moderation.waiting_count.of(count))
        }
        (Panel::People, count) => Some(words.people_count.of(count)),
    };
    let quiet = move || (panel == Panel::People && waiting.get() == 0).then_some("quiet");
    view! {
        <button
            type="button"
            class=format!("tool {class}")
            aria-label=label
            title=if off { text().page.no_chat } else { label }
            aria-disabled=off.then_some("true")
            aria-keyshortcuts=(!off).then_some(key)
            aria-describedby=described_by
            aria-expanded=move || (!off).then(|| (desk.panel.get() == Some(panel)).to_string())
            data-badge=move || (count.get() > 0).then(|| short(count.get()))
            data-badge-kind=quiet
            on:click=move |_| {
                if !off {
                    desk.toggle_panel(panel);
                }
            }
        >
            <Icon glyph=glyph />
        </button>
        <span id=id hidden>
            {said}
        </span>
    }
}

/// A count that fits a badge.
fn short(count: usize) -> String {
    if count > 99 {
        "99+".to_owned()
    } else {
        count.to_string()
    }
}
