//! What a moderator can do with one person: one menu for all rows.

use client::Intent;
use leptos::{html, prelude::*};
use protocol::{PeerId, RoomKind, Source, TrackRef};
use web_sys::HtmlElement;

use super::{
    Confirm,
    deeds::{About, Deed, deeds},
    labels::{glyph, label},
};
use crate::{
    components::{FloatingMenu, Icon, MenuItem, MenuLine},
    state::{Desk, Meeting, RoomPage, Store},
    text::text,
};

/// Whose menu is open; found in the context.
#[derive(Clone, Copy)]
pub(in crate::meeting) struct MenuTarget {
    open: RwSignal<Option<Target>, LocalStorage>,
    scrolled: RwSignal<u32>,
}

/// Whom the menu is about, and the button that opened it.
#[derive(Debug, Clone, PartialEq)]
struct Target {
    peer: PeerId,
    name: String,
    anchor: HtmlElement,
}

impl MenuTarget {
    /// No menu is open.
    pub(in crate::meeting) fn new() -> Self {
        Self {
            open: RwSignal::new_local(None),
            scrolled: RwSignal::new(0),
        }
    }

    /// Closes the menu, if there is one.
    fn close(self) {
        if self.open.with_untracked(Option::is_some) {
            self.open.set(None);
        }
    }

    /// The rows have moved, and the menu goes with its own.
    pub(in crate::meeting) fn follow(self) {
        self.scrolled.update(|count| *count = count.wrapping_add(1));
    }

    fn is_about(self, peer: &PeerId) -> bool {
        self.open
            .with(|open| open.as_ref().is_some_and(|target| target.peer == *peer))
    }
}

/// Opens the menu of a person.
#[component]
pub(in crate::meeting) fn MenuButton(
    /// Who.
    peer: PeerId,
    /// What they are called.
    name: Signal<String>,
) -> impl IntoView {
    let menu = expect_context::<MenuTarget>();
    let button = NodeRef::<html::Button>::new();
    let words = &text().moderation;
    let label = move || name.with(|name| words.menu_of.with(name));
    let is_open = {
        let peer = peer.clone();
        move || menu.is_about(&peer).to_string()
    };
    let toggle = move |_| {
        let Some(anchor) = button.get_untracked() else {
            return;
        };
        let target = Target {
            peer: peer.clone(),
            name: name.get_untracked(),
            anchor: anchor.into(),
        };
        menu.open
            .update(|open| *open = (open.as_ref() != Some(&target)).then_some(target));
    };
    view! {
        <button
            type="button"
            class="icon-button"
            node_ref=button
            aria-label=label
            title=label
            aria-haspopup="menu"
            aria-expanded=is_open
            on:click=toggle
        >
            <Icon glyph=icondata::LuEllipsisVertical />
        </button>
    }
}

/// The open menu, if there is one. It closes when its person goes.
#[component]
pub(in crate::meeting) fn PersonMenu() -> impl IntoView {
    let menu = expect_context::<MenuTarget>();
    move || {
        let target = menu.open.get()?;
        let label = text().moderation.menu_of.with(&target.name);
        let close = Callback::new(move |()| menu.close());
        Some(view! {
            <FloatingMenu label=label anchor=target.anchor moved=menu.scrolled on_close=close>
                <Items peer=target.peer name=target.name />
            </FloatingMenu>
        })
    }
}

/// Everything that can be done with somebody.
#[component]
fn Items(peer: PeerId, name: String) -> impl IntoView {
    let store = Meeting::expect().store;
    let menu = expect_context::<MenuTarget>();
    let has_viewers = has_viewers(store);
    let about = {
        let peer = peer.clone();
        Memo::new(move |_| about(store, &peer))
    };
    Effect::new(move |_| {
        if about.with(Option::is_none) {
            menu.close();
        }
    });
    let offered = move || {
        about
            .get()
            .map_or_else(Vec::new, |about| deeds(about, has_viewers.get()))
    };
    let pinned = store.person(&peer).is_some().then(|| peer.clone());
    view! {
        {pinned.map(|peer| view! { <PinItem peer=peer /> })}
        <For
            each=move || lined(offered())
            key=Clone::clone
            children=move |(deed, line)| {
                view! {
                    {line.then(|| view! { <MenuLine /> })}
                    <DeedItem peer=peer.clone() name=name.clone() deed=deed />
                }
            }
        />
    }
}

/// Whether each deed has a line above it: where another group begins.
fn lined(deeds: Vec<Deed>) -> Vec<(Deed, bool)> {
    let mut group = None;
    deeds
        .into_iter()
        .map(|deed| {
            let line = group.replace(deed.group()) != Some(deed.group());
            (deed, line)
        })
        .collect()
}

/// One thing to do.
#[component]
fn DeedItem(peer: PeerId, name: String, deed: Deed) -> impl IntoView {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let label = label(&text().moderation, deed).to_owned();
    let glyph = glyph(deed);
    let choose = Callback::new(move |()| match deed {
        Deed::Remove => desk.ask(Confirm::Remove {
            peer: peer.clone(),
            name: name.clone(),
        }),
        deed => meeting.send(Intent::Moderate(deed.moderation(peer.clone()))),
    });
    match deed {
        // what it would be after is not what it is now
        Deed::Allow(_, after) => {
            let checked = Signal::stored(!after);
            view! { <MenuItem label=label glyph=glyph checked=checked toggle=true on_choose=choose /> }
                .into_any()
        }
        Deed::Remove => {
            view! { <MenuItem class="menu__item--danger" label=label glyph=glyph on_choose=choose /> }
                .into_any()
        }
        _ => view! { <MenuItem label=label glyph=glyph on_choose=choose /> }.into_any(),
    }
}

/// Pins the person's tile, or lets it go: rows of moderators have no button for it.
#[component]
fn PinItem(peer: PeerId) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().moderation;
    let track = TrackRef {
        peer,
        source: Source::Camera,
    };
    let pinned = desk
        .pinned
        .with_untracked(|pinned| pinned.as_ref() == Some(&track));
    let (label, glyph) = match pinned {
        true => (words.unpin, icondata::LuPinOff),
        false => (words.pin, icondata::LuPin),
    };
    view! { <MenuItem label=label.to_owned() glyph=glyph on_choose=move |()| desk.toggle_pin(&track) /> }
}

/// Whether people can be sent among viewers: in a webinar, and where some are.
fn has_viewers(store: Store) -> Memo<bool> {
    let webinar = expect_context::<RoomPage>().kind == RoomKind::Webinar;
    Memo::new(move |_| webinar || store.audience.get() > 0)
}

/// Somebody as far as it matters; none when they are gone. Tracks.
fn about(store: Store, peer: &PeerId) -> Option<About> {
    store.people.track();
    if let Some(person) = store.person(peer) {
        return Some(About {
            role: person.role.get(),
            media: person.media.get(),
            allowed: person.allowed.get(),
            hand: person.hand.get().is_some(),
        });
    }
    store.viewers.with(|viewers| {
        let viewer = viewers.iter().find(|viewer| viewer.id == *peer)?;
        Some(About {
            role: viewer.role,
            media: viewer.media,
            allowed: viewer.allowed,
            hand: viewer.hand_raised_at.is_some(),
        })
    })
}
