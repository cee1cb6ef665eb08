//! A link to a room that cannot exist.

use leptos::prelude::*;
use leptos_meta::Title;
use protocol::{InvalidId, RoomKind};

use super::{
    home::RoomForm,
    links::{asked_language, with_language},
    status::{Answer, answer},
};
use crate::{components::Logo, text::text};

/// Says what is wrong with the room's name, and offers ways on.
#[component]
pub(crate) fn BadRoom(error: InvalidId, kind: RoomKind) -> impl IntoView {
    answer(Answer::BadRequest);
    let words = text();
    let language = asked_language();
    let new_room = with_language(&format!("/new?kind={}", kind.path()), language);
    view! {
        <Title text=words.problem.bad_room />
        <main class="plain">
            <Logo />
            <h1>{words.problem.bad_room}</h1>
            <p class="plain__why">{words.problem.bad_room_why(error)}</p>
            <p>{words.problem.bad_room_rule}</p>
            <RoomForm kind=kind />
            <p class="actions">
                <a class="button" href=new_room>
                    {words.problem.new_room}
                </a>
                <a class="button button--quiet" href=with_language("/", language)>
                    {words.common.to_start}
                </a>
            </p>
        </main>
    }
}
