//! The panel beside the stage: a title, a way to close it, what is inside.

use leptos::{html, prelude::*};

use super::{chat::Chat, people::People};
use crate::{
    browser::focus,
    components::Icon,
    state::{Desk, Meeting, Panel},
    text::text,
};

/// The open panel, if there is one.
#[component]
pub(super) fn Panels() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let meeting = Meeting::expect();
    let chat_open = Memo::new(move |_| desk.panel.get() == Some(Panel::Chat));
    Effect::new(move |_| meeting.send(client::Intent::SetChatOpen(chat_open.get())));
    move || match desk.panel.get() {
        Some(Panel::Chat) => view! { <Chat /> }.into_any(),
        Some(Panel::People) => view! { <People /> }.into_any(),
        None => ().into_any(),
    }
}

/// The frame of a panel. It takes the focus when it opens, unless something
/// inside does.
#[component]
pub(super) fn PanelFrame(title: &'static str, children: Children) -> impl IntoView {
    let desk = expect_context::<Desk>();
    focus::give_back();
    let node = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        if let Some(node) = node.get() {
            let _ = node.focus();
        }
    });
    view! {
        <section class="panel" aria-label=title tabindex="-1" node_ref=node>
            <header class="panel__head">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text().common.close
                    title=text().common.close
                    on:click=move |_| desk.panel.set(None)
                >
                    <Icon glyph=icondata::LuX />
                </button>
            </header>
            {children()}
        </section>
    }
}
