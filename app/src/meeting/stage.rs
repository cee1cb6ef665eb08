//! The stage: measures itself, has the tiles laid out, tells the engine what
//! is visible.

use std::collections::HashMap;

use client::Intent;
use leptos::{html, prelude::*};
use protocol::{PeerId, TrackRef};

use super::{
    layout::{self, Size},
    order::{Attendance, Order},
    scene::{self, Focus, Picture, Seat},
    tile::Tile,
};
use crate::{
    browser::{resize, visibility},
    components::{CopyButton, Icon},
    state::{Desk, Meeting, Store},
    text::text,
};

/// The tiles of the meeting.
#[component]
pub(super) fn Stage() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let frame = NodeRef::<html::Div>::new();
    let size = resize::size_of(frame);
    let seats = seats(store);
    let picture = picture(store, seats, size);
    report_view(meeting, seats, picture);
    let joined: Memo<HashMap<PeerId, usize>> = Memo::new(move |_| {
        let people = store.people.get();
        let places = people.iter().enumerate();
        places.map(|(i, person)| (person.id.clone(), i)).collect()
    });
    // in the order of joining, whatever the order on the page: a moved video
    // would blink
    let tiles = Memo::new(move |_| {
        let mut tiles = picture.with(|picture| picture.tiles.clone());
        joined.with(|joined| {
            tiles.sort_by_key(|track| (joined.get(&track.peer).copied(), track.source));
        });
        tiles
    });
    let alone = Memo::new(move |_| seats.with(|seats| seats.len() == 1));
    view! {
        <div class="stage" node_ref=frame>
            <For
                each=move || tiles.get()
                key=Clone::clone
                children=move |track| {
                    let person = store.person(&track.peer)?;
                    Some(view! { <Tile track=track person=person picture=picture /> })
                }
            />
            <Show when=move || alone.get()>
                <Alone />
            </Show>
        </div>
        <Pages picture=picture />
    }
}

/// Who sits where, as far as tiles are concerned.
fn seats(store: Store) -> Memo<Vec<Seat>> {
    Memo::new(move |_| {
        store.people.with(|people| {
            people
                .iter()
                .map(|person| {
                    let media = person.media.get();
                    Seat {
                        peer: person.id.clone(),
                        me: person.me,
                        camera: media.camera,
                        screen: media.screen,
                    }
                })
                .collect()
        })
    })
}

/// What is visible and where, from who is there, who speaks and how much room
/// there is.
fn picture(store: Store, seats: Memo<Vec<Seat>>, size: RwSignal<Size>) -> Memo<Picture> {
    let desk = expect_context::<Desk>();
    let order = Memo::new(move |before: Option<&Order>| {
        let seats = seats.get();
        let present: Vec<PeerId> = seats.iter().map(|seat| seat.peer.clone()).collect();
        let me = seats.iter().find(|seat| seat.me).map(|seat| &seat.peer);
        let speakers = store.speakers.get();
        before.cloned().unwrap_or_default().next(Attendance {
            present: &present,
            me,
            speakers: &speakers,
            first_page: layout::page_capacity(size.get()),
        })
    });
    let speaker = Memo::new(move |before: Option<&Option<PeerId>>| {
        let me = store.me.get();
        let speakers = store.speakers.get();
        let heard = speakers.into_iter().find(|peer| Some(peer) != me.as_ref());
        heard.or_else(|| before.cloned().flatten())
    });
    Memo::new(move |_| {
        let seats = seats.read();
        let tiles = scene::tiles(order.read().peers(), &seats);
        let (pinned, speaker) = (desk.pinned.get(), speaker.get());
        let focus = Focus {
            layout: desk.layout.get(),
            pinned: pinned.as_ref(),
            speaker: speaker.as_ref(),
        };
        let stage = scene::on_stage(&tiles, &seats, focus);
        scene::picture(&tiles, stage, size.get(), desk.page.get())
    })
}

/// Tells the engine what is to be received; nothing while the page is hidden.
fn report_view(meeting: Meeting, seats: Memo<Vec<Seat>>, picture: Memo<Picture>) {
    let visible = visibility::watch();
    let speakers = meeting.store.speakers;
    let view = Memo::new(move |_| {
        if !visible.get() {
            return Vec::new();
        }
        let ratio = visibility::pixel_ratio();
        scene::view(&picture.read(), &seats.read(), &speakers.read(), ratio)
    });
    Effect::new(move |_| meeting.send(Intent::SetView(view.get())));
}

/// What to do while nobody else is there.
#[component]
fn Alone() -> impl IntoView {
    let words = text();
    let link = |()| window().location().href().unwrap_or_default();
    view! {
        <aside class="alone" aria-label=words.meeting.alone>
            <p class="explained__title">{words.meeting.alone}</p>
            <p class="explained__hint">{words.meeting.alone_hint}</p>
            <CopyButton what=link label=words.common.copy_link />
        </aside>
    }
}

/// Back and forth between the pages of a large meeting.
#[component]
fn Pages(picture: Memo<Picture>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().meeting;
    let pages = Memo::new(move |_| picture.with(|picture| (picture.page, picture.pages)));
    let go = move |to: usize| desk.page.set(to);
    view! {
        <Show when=move || { pages.get().1 > 1 }>
            <nav class="pages" aria-label=words.pages>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=words.previous_page
                    prop:disabled=move || pages.get().0 == 0
                    on:click=move |_| go(pages.get_untracked().0.saturating_sub(1))
                >
                    <Icon glyph=icondata::LuChevronLeft />
                </button>
                <span role="status">
                    {move || {
                        let (page, pages) = pages.get();
                        (words.page_of)(page + 1, pages)
                    }}
                </span>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=words.next_page
                    prop:disabled=move || {
                        let (page, pages) = pages.get();
                        page + 1 >= pages
                    }
                    on:click=move |_| go(pages.get_untracked().0 + 1)
                >
                    <Icon glyph=icondata::LuChevronRight />
                </button>
            </nav>
        </Show>
    }
}

/// A tile's place, for the tile alone.
pub(super) fn place(picture: Memo<Picture>, track: TrackRef) -> Memo<Option<scene::Place>> {
    Memo::new(move |_| picture.with(|picture| picture.places.get(&track).copied()))
}
