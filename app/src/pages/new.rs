//! A new room: its link to copy, its name to change, the way in.
//!
//! Kind and name stand in the address, so the page works as plain links and a
//! plain form before the browser has taken it over.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use protocol::{ID_MAX, RoomId, RoomKind};

use super::{
    home::ROOM_PATTERN,
    links::{LanguageField, asked_language, with_language},
    private_room::PrivateRoom,
    room_links::{OwnWay, RoomLink, RoomLinks},
    status::redirect,
};
use crate::{
    brand,
    browser::random,
    components::{CopyButton, Icon, Logo},
    text::{room_name, text},
};

/// The page that makes a room.
#[component]
pub(crate) fn New() -> impl IntoView {
    let query = use_query_map();
    let kind = Memo::new(move |_| kind_of(query.read().get("kind").as_deref()));
    let room = Memo::new(move |_| {
        let asked = query.read().get("roomId");
        asked.and_then(|id| RoomId::parse(&id).ok())
    });
    let words = text();
    let language = asked_language();
    view! {
        <Title text=words.home.title />
        <main class="plain">
            <a class="brand" href=with_language("/", language)>
                <Logo />
                <span>{brand::name()}</span>
            </a>
            {move || match room.get() {
                Some(room) => view! { <Ready kind=kind.get() room=room /> }.into_any(),
                None => {
                    let made = address(kind.get(), &room_name(random::bytes()));
                    redirect(&with_language(&made, language));
                    view! { <p>{words.common.loading}</p> }.into_any()
                }
            }}
        </main>
    }
}

/// The room is there; nothing has to be made before somebody enters.
#[component]
fn Ready(kind: RoomKind, room: RoomId) -> impl IntoView {
    let words = text();
    let name = RwSignal::new(room.as_str().to_owned());
    let origin = RwSignal::new(String::new());
    Effect::new(move |_| origin.set(window().location().origin().unwrap_or_default()));
    let valid = Signal::derive(move || name.with(|name| RoomId::parse(name).is_ok()));
    let link = Signal::derive(move || {
        let link = name.with(|name| format!("{}/{}/{name}", origin.get(), kind.path()));
        if valid.get() { link } else { String::new() }
    });
    let copies = RoomLink::of(kind)
        .into_iter()
        .map(|each| {
            view! {
                <CopyButton
                    what=move |()| each.address(link.get_untracked())
                    label=each.copy
                    disabled=Signal::derive(move || !valid.get())
                />
            }
        })
        .collect_view();
    view! {
        <h1>{words.home.ready}</h1>
        <p>{words.home.ready_hint}</p>
        <KindLinks kind=kind name=name />
        <form class="new-room" method="get" action=format!("/{}/", kind.path())>
            <NameField room=room name=name valid=valid />
            <OwnWay kind=kind />
            <LanguageField />
            <RoomLinks kind=kind room=link />
            <div class="actions">
                <button
                    class="button button--primary"
                    type="submit"
                    prop:disabled=move || !valid.get()
                >
                    {words.home.enter}
                </button>
                {copies}
            </div>
        </form>
        <PrivateRoom kind=kind />
    }
}

/// The room's name, to change or to have made anew.
#[component]
fn NameField(room: RoomId, name: RwSignal<String>, valid: Signal<bool>) -> impl IntoView {
    let words = &text().home;
    view! {
        <label class="field" for="room-name">
            <span class="field__label">{words.room_name}</span>
        </label>
        <div class="field__row">
            <input
                class="input"
                id="room-name"
                name="roomId"
                required
                maxlength=ID_MAX.to_string()
                pattern=ROOM_PATTERN
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                value=String::from(room)
                prop:value=move || name.get()
                aria-invalid=move || (!valid.get()).to_string()
                aria-describedby="room-hint"
                on:input=move |event| name.set(event_target_value(&event))
            />
            <button
                type="button"
                class="icon-button needs-script"
                aria-label=words.another
                title=words.another
                on:click=move |_| name.set(room_name(random::bytes()))
            >
                <Icon glyph=icondata::LuShuffle />
            </button>
        </div>
        <p class="field__hint" id="room-hint" data-wrong=move || (!valid.get()).to_string()>
            {words.room_hint}
        </p>
    }
}

/// Conference or webinar, as links.
#[component]
fn KindLinks(kind: RoomKind, name: RwSignal<String>) -> impl IntoView {
    let words = &text().home;
    let language = asked_language();
    let links = [
        (RoomKind::Call, words.conference),
        (RoomKind::Webinar, words.webinar),
    ]
    .map(|(other, label)| {
        view! {
            <a
                class="kind-links__link"
                href=move || with_language(&address(other, &name.get()), language)
                aria-current=(other == kind).then_some("true")
            >
                {label}
            </a>
        }
    });
    view! {
        <nav class="kind-links" aria-label=words.kind>
            {links}
        </nav>
    }
}

fn kind_of(path: Option<&str>) -> RoomKind {
    match path {
        Some("webinar") => RoomKind::Webinar,
        _ => RoomKind::Call,
    }
}

/// Only what a room's name may contain reaches the address.
fn address(kind: RoomKind, name: &str) -> String {
    let kind = kind.path();
    match RoomId::parse(name) {
        Ok(room) => format!("/new?kind={kind}&roomId={room}"),
        Err(_) => format!("/new?kind={kind}"),
    }
}
