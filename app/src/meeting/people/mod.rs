//! The panel of people: who is here, who watches, who waits, and what
//! moderators do about them.

mod listed;
mod order;
mod row;
mod rows;
mod search;
mod waiting;
mod window;

use leptos::prelude::*;

use super::{
    moderation::{MenuTarget, PersonMenu, RoomControls},
    panel::PanelFrame,
};
use crate::{
    components::{CopyButton, Icon},
    page::Page,
    state::Meeting,
    text::text,
};
use listed::{Seat, Watching, hands, on_stage, watching};
use row::{Row, ViewerRow};
use rows::{Rows, Scroller};
use waiting::WaitingList;

/// From so many people on there is a search field.
const SEARCHED_FROM: usize = 8;

/// Everybody in the meeting, oneself included.
#[component]
pub(super) fn People() -> impl IntoView {
    let store = Meeting::expect().store;
    let words = text();
    let search = RwSignal::new(String::new());
    let (menu, scroller) = (MenuTarget::new(), Scroller::new());
    provide_context(menu);
    provide_context(scroller);
    provide_context(hands(store));
    let leads = Memo::new(move |_| store.leads());
    let somebody_waits = Memo::new(move |_| leads.get() && !store.waiting.with(Vec::is_empty));
    let scrolled = move |_| {
        scroller.moved();
        menu.follow();
    };
    view! {
        <PanelFrame title=words.meeting.people>
            <Search typed=search />
            <div class="people" node_ref=scroller.node on:scroll=scrolled>
                <Show when=move || leads.get()>
                    <RoomControls />
                </Show>
                <Show when=move || somebody_waits.get()>
                    <WaitingList />
                </Show>
                <OnStage search=search />
                <Viewers search=search />
            </div>
            <Invitation />
            <PersonMenu />
        </PanelFrame>
    }
}

/// The room's link to pass on; where tokens let in, there is none.
#[component]
fn Invitation() -> impl IntoView {
    let link = Page::expect().invitation()?;
    Some(view! {
        <div class="panel__foot">
            <CopyButton what=move |()| link.clone() label=text().common.copy_link />
        </div>
    })
}

/// The search field, once there are many.
#[component]
fn Search(typed: RwSignal<String>) -> impl IntoView {
    let store = Meeting::expect().store;
    let words = &text().people;
    let many = Memo::new(move |_| {
        let count = store.people.with(Vec::len) + store.viewers.with(Vec::len);
        count >= SEARCHED_FROM || typed.with(|typed| !typed.is_empty())
    });
    view! {
        <Show when=move || many.get()>
            <div class="people__search">
                <Icon glyph=icondata::LuSearch />
                <input
                    class="input"
                    type="search"
                    aria-label=words.search
                    placeholder=words.search
                    autocomplete="off"
                    enterkeyhint="search"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </div>
        </Show>
    }
}

/// Those with a tile.
#[component]
fn OnStage(search: RwSignal<String>) -> impl IntoView {
    let store = Meeting::expect().store;
    let words = text();
    let seats = on_stage(store, search);
    let count = move || words.meeting.people_count.of(store.people.with(Vec::len));
    view! {
        <section class="people__part" aria-label=words.people.on_stage>
            <div class="people__title">
                <h3>{count}</h3>
            </div>
            <Rows
                label=words.people.on_stage
                items=seats
                key=Seat::key
                row=|seat| view! { <Row seat=seat /> }
            />
            <Found search=search found=Signal::derive(move || seats.with(Vec::len)) />
        </section>
    }
}

/// Who watches: their number for everybody, their names for moderators.
#[component]
fn Viewers(search: RwSignal<String>) -> impl IntoView {
    let store = Meeting::expect().store;
    let words = &text().people;
    let viewers = watching(store, search);
    let count = move || words.viewers_count.of(store.audience.get());
    let listed = Memo::new(move |_| store.leads() && !store.viewers.with(Vec::is_empty));
    view! {
        <Show when=move || { store.audience.get() > 0 }>
            <section class="people__part" aria-label=words.viewers>
                <div class="people__title">
                    <Icon glyph=icondata::LuEye />
                    <h3>{count}</h3>
                </div>
                <Show when=move || listed.get()>
                    <Rows
                        label=words.viewers
                        items=viewers
                        key=Watching::key
                        row=|watching| view! { <ViewerRow watching=watching /> }
                    />
                    <Found search=search found=Signal::derive(move || viewers.with(Vec::len)) />
                </Show>
            </section>
        </Show>
    }
}

/// Tells how many were found, where somebody searches; shown if nobody was.
#[component]
fn Found(search: RwSignal<String>, found: Signal<usize>) -> impl IntoView {
    let words = &text().people;
    let searching = move || search.with(|typed| !typed.trim().is_empty());
    view! {
        <p
            class="people__found"
            role="status"
            data-shown=move || (searching() && found.get() == 0).then_some("true")
        >
            {move || searching().then(|| words.found.of(found.get()))}
        </p>
    }
}
