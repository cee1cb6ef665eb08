//! The stage: measures itself, has the tiles laid out, tells the engine what
//! is visible.

use std::collections::{HashMap, HashSet};

use client::Intent;
use leptos::{html, prelude::*};
use protocol::{PeerId, TrackRef};

use super::{
    attendance::{Audience, EmptyStage},
    layout::{Density, Size},
    order::{Attendance, Order},
    player::{self, Player},
    scene::{self, Canvas, Focus, Picture, Seat},
    tile::Tile,
};
use crate::{
    browser::{language::translated, resize, visibility},
    components::Icon,
    page::Page,
    state::{Desk, Meeting, Store},
    text::text,
};

/// The tiles of the meeting.
#[component]
pub(crate) fn Stage() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let frame = NodeRef::<html::Div>::new();
    let size = resize::size_of(frame);
    let seats = seats(store);
    let canvas = canvas(size);
    let picture = picture(store, seats, canvas);
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
    // player and tiles are not made anew for another language: they would stop
    view! {
        <div class="stage" node_ref=frame>
            <Player picture=picture />
            <For
                each=move || tiles.get()
                key=Clone::clone
                children=move |track| {
                    let person = store.person(&track.peer)?;
                    Some(view! { <Tile track=track person=person picture=picture /> })
                }
            />
            {translated(move || {
                view! {
                    <Show when=move || !canvas.get().player>
                        <EmptyStage />
                    </Show>
                    <Audience />
                }
            })}
        </div>
        {translated(move || view! { <Pages picture=picture /> })}
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

/// The space that the tiles have.
fn canvas(size: RwSignal<Size>) -> Memo<Canvas> {
    let dense = Page::expect().given(|given| given.minimize_tiles);
    let player = player::is_wanted();
    Memo::new(move |_| Canvas {
        frame: size.get(),
        density: if dense {
            Density::Dense
        } else {
            Density::Comfortable
        },
        player: player.get(),
    })
}

/// Who comes after whom.
fn order(
    store: Store,
    seats: Memo<Vec<Seat>>,
    canvas: Memo<Canvas>,
    staged: Memo<bool>,
) -> Memo<Order> {
    let first_page = Memo::new(move |_| canvas.get().first_page(&seats.read(), staged.get()));
    let sorts = Page::expect().given(|given| given.sort_peers);
    Memo::new(move |before: Option<&Order>| {
        let seats = seats.get();
        let present: Vec<PeerId> = seats.iter().map(|seat| seat.peer.clone()).collect();
        let me = seats.iter().find(|seat| seat.me).map(|seat| &seat.peer);
        let speakers = store.speakers.get();
        let cameras: HashSet<PeerId> = seats
            .iter()
            .filter(|seat| seat.camera)
            .map(|seat| seat.peer.clone())
            .collect();
        before.cloned().unwrap_or_default().next(Attendance {
            present: &present,
            me,
            speakers: &speakers,
            first_page: first_page.get(),
            cameras_first: sorts.then_some(&cameras),
        })
    })
}

/// What is visible and where, from who is there, who speaks and how much room
/// there is.
fn picture(store: Store, seats: Memo<Vec<Seat>>, canvas: Memo<Canvas>) -> Memo<Picture> {
    let desk = expect_context::<Desk>();
    let speaker = Memo::new(move |before: Option<&Option<PeerId>>| {
        let me = store.me.get();
        let speakers = store.speakers.get();
        let heard = speakers.into_iter().find(|peer| Some(peer) != me.as_ref());
        heard.or_else(|| before.cloned().flatten())
    });
    let on_stage = move |tiles: &[TrackRef]| {
        let (pinned, speaker) = (desk.pinned.get(), speaker.get());
        let focus = Focus {
            layout: desk.layout.get(),
            pinned: pinned.as_ref(),
            speaker: speaker.as_ref(),
        };
        scene::on_stage(tiles, &seats.read(), focus)
    };
    // whether anybody has the stage does not depend on the order
    let staged = Memo::new(move |_| {
        let tiles = seats.with(|seats| {
            let present: Vec<PeerId> = seats.iter().map(|seat| seat.peer.clone()).collect();
            scene::tiles(&present, seats)
        });
        on_stage(&tiles).is_some()
    });
    let order = order(store, seats, canvas, staged);
    Memo::new(move |_| {
        let tiles = scene::tiles(order.read().peers(), &seats.read());
        let stage = on_stage(&tiles);
        scene::picture(&tiles, stage, canvas.get(), desk.page.get())
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
                        words.page_of(page + 1, pages)
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
