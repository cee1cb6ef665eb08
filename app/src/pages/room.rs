//! The page of a room: which one, and whether it can be one at all.

use client::{Intent, RoomConfig, model::EndReason, model::Phase};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};
use protocol::{InvalidId, PageSettings, Role, RoomId, RoomKind};

use super::bad_room::BadRoom;
use crate::{
    bridge,
    browser::{language, reload},
    ended::Ended,
    page::{Address, Handed, Page, handed, plain_settings, refusal},
    parts::{Part, loading},
    prejoin::{Prejoin, Ready},
    recorder,
    state::{Desk, Meeting, RoomPage, Screen},
    waiting::{AskPin, Early, Lobby},
};

/// `/call/…`
#[component]
pub(crate) fn Call() -> impl IntoView {
    view! { <RoomAddress kind=RoomKind::Call /> }
}

/// `/webinar/…`
#[component]
pub(crate) fn Webinar() -> impl IntoView {
    view! { <RoomAddress kind=RoomKind::Webinar /> }
}

/// Takes what the server made of the address, or reads it as it stands there.
#[component]
fn RoomAddress(kind: RoomKind) -> impl IntoView {
    let settings = match handed() {
        Handed::Settings(settings) => Ok(*settings),
        Handed::Nothing => plain(kind),
        Handed::Unasked => {
            ask_server();
            return loading();
        }
    };
    match settings {
        Ok(settings) => view! { <Room settings=settings /> }.into_any(),
        Err(error) => {
            language::translated(move || view! { <BadRoom error=error kind=kind /> }).into_any()
        }
    }
}

/// The settings of the address, without a token and without a tenant.
fn plain(kind: RoomKind) -> Result<PageSettings, InvalidId> {
    let (params, query) = (use_params_map(), use_query_map());
    let in_path = params.read_untracked().get("room");
    let asked = in_path.or_else(|| query.read_untracked().get("roomId"));
    let search = use_location().search.get_untracked();
    Ok(plain_settings(Address {
        room_id: RoomId::parse(&asked.unwrap_or_default())?,
        kind,
        query: search.trim_start_matches('?').to_owned(),
    }))
}

/// Loads the page from the server, which resolves the address.
fn ask_server() {
    let location = use_location();
    Effect::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        let query = search.trim_start_matches('?');
        reload::at(&format!("{path}?{query}"));
    });
}

/// A room from the welcome to the farewell. The engine lives as long as this.
#[component]
fn Room(settings: PageSettings) -> impl IntoView {
    let (meeting, desk) = (Meeting::new(), Desk::new());
    let refusal = refusal(&settings);
    provide_context(meeting);
    provide_context(desk);
    provide_context(RoomPage {
        id: settings.room_id.clone(),
        kind: settings.kind,
    });
    let page = Page::new(settings);
    provide_context(page);
    Effect::new(move |_| {
        desk.recall();
        meeting.start(page.given(config));
        if page.given(|given| given.recorder) {
            return meeting.send(Intent::Join);
        }
        bridge::start(meeting, desk, page);
        if page.given(tries_devices) {
            meeting.send(Intent::Preview);
        }
    });
    on_cleanup(move || meeting.close());
    if page.given(|given| given.recorder) {
        let part = Part::Recorder.load();
        return (move || part.view_or(loading)).into_any();
    }
    let screen = Memo::new(move |before: Option<&Screen>| {
        meeting.store.phase.with(|phase| match (phase, &refusal) {
            (Phase::Prejoin, Some(error)) => Screen::Ended(EndReason::Refused(error.clone())),
            _ => Screen::of(phase, before.cloned()),
        })
    });
    Effect::new(move |_| {
        if screen.get() != Screen::Meeting {
            // who comes back finds no dialog of before
            desk.overlay.set(None);
        }
    });
    let part = Part::Meeting.load();
    let waits_for_host = page.given(|given| given.name_screen_disabled);
    let shown = move || match screen.get() {
        // it follows the language by itself, or an external player would stop
        Screen::Meeting => part.view_or(loading),
        screen => {
            language::track();
            other_screen(screen, waits_for_host)
        }
    };
    shown.into_any()
}

/// All screens but the meeting.
fn other_screen(screen: Screen, waits_for_host: bool) -> AnyView {
    match screen {
        Screen::Prejoin if waits_for_host => view! { <Ready /> }.into_any(),
        Screen::Ended(reason) => view! { <Ended reason=reason /> }.into_any(),
        Screen::Early => view! { <Early /> }.into_any(),
        Screen::Pin => view! { <AskPin /> }.into_any(),
        Screen::Waiting => view! { <Lobby /> }.into_any(),
        Screen::Prejoin | Screen::Meeting => view! { <Prejoin /> }.into_any(),
    }
}

fn config(settings: &PageSettings) -> RoomConfig {
    RoomConfig {
        room_id: settings.room_id.clone(),
        kind: settings.kind,
        peer_id: None,
        query: settings.query.clone(),
        display_name: settings.display_name.clone(),
        role: settings.role,
        recorder: settings
            .recorder
            .then(|| recorder::token(&settings.query))
            .flatten(),
    }
}

/// Whether devices are tried out before joining. Viewers have none, and where
/// there is no welcome screen the embedding page says what to switch on.
fn tries_devices(settings: &PageSettings) -> bool {
    settings.role != Role::Viewer && !settings.name_screen_disabled && refusal(settings).is_none()
}
