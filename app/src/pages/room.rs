//! The page of a room: which one, and whether it can be one at all.

use client::{Intent, RoomConfig};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use protocol::{InvalidId, RoomId, RoomKind};

use super::bad_room::BadRoom;
use crate::{
    ended::Ended,
    meeting::MeetingScreen,
    prejoin::Prejoin,
    state::{Desk, Meeting, RoomPage, Screen},
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

/// Reads the room from the path or the query.
#[component]
fn RoomAddress(kind: RoomKind) -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let room: Memo<Result<RoomId, InvalidId>> = Memo::new(move |_| {
        let in_path = params.read().get("room");
        let asked = in_path.or_else(|| query.read().get("roomId"));
        RoomId::parse(&asked.unwrap_or_default())
    });
    move || match room.get() {
        Ok(id) => view! { <Room id=id kind=kind /> }.into_any(),
        Err(error) => view! { <BadRoom error=error kind=kind /> }.into_any(),
    }
}

/// A room from the welcome to the farewell. The engine lives as long as this.
#[component]
fn Room(id: RoomId, kind: RoomKind) -> impl IntoView {
    let (meeting, desk) = (Meeting::new(), Desk::new());
    provide_context(meeting);
    provide_context(desk);
    provide_context(RoomPage {
        id: id.clone(),
        kind,
    });
    Effect::new(move |_| {
        desk.recall();
        meeting.start(RoomConfig {
            room_id: id.clone(),
            kind,
            peer_id: None,
        });
        meeting.send(Intent::Preview);
    });
    on_cleanup(move || meeting.close());
    let screen = Memo::new(move |before: Option<&Screen>| {
        meeting
            .store
            .phase
            .with(|phase| Screen::of(phase, before.copied()))
    });
    move || match screen.get() {
        Screen::Prejoin => view! { <Prejoin /> }.into_any(),
        Screen::Meeting => view! { <MeetingScreen /> }.into_any(),
        Screen::Ended(reason) => view! { <Ended reason=reason /> }.into_any(),
    }
}
