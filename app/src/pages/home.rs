//! The start page: make a room, or enter one.

use leptos::prelude::*;
use leptos_meta::Title;
use protocol::{ID_MAX, RoomKind};

use super::links::{LanguageField, asked_language, with_language};
use crate::{
    brand,
    components::{Glyph, Icon, LanguageFoot, Logo},
    text::text,
};

/// The start page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let words = text();
    view! {
        <Title text=brand::name() />
        <main class="home">
            <header class="home__head">
                <Logo />
                <h1>{brand::name()}</h1>
                <p>{words.home.tagline}</p>
            </header>
            <div class="home__choices">
                <Choice
                    kind=RoomKind::Call
                    glyph=icondata::LuUsers
                    label=words.home.new_conference
                    hint=words.home.conference_hint
                />
                <Choice
                    kind=RoomKind::Webinar
                    glyph=icondata::LuPresentation
                    label=words.home.new_webinar
                    hint=words.home.webinar_hint
                />
            </div>
            <section class="home__enter" aria-labelledby="have-room">
                <h2 id="have-room">{words.home.have_room}</h2>
                <RoomForm kind=RoomKind::Call />
            </section>
            <LanguageFoot />
        </main>
    }
}

/// A kind of room to make.
#[component]
fn Choice(kind: RoomKind, glyph: Glyph, label: &'static str, hint: &'static str) -> impl IntoView {
    let id = kind.path();
    let new_room = with_language(&format!("/new?kind={id}"), asked_language());
    view! {
        <div class="choice">
            <span class="choice__sign">
                <Icon glyph=glyph />
            </span>
            <a class="choice__link" href=new_room aria-describedby=format!("{id}-hint")>
                {label}
            </a>
            <p id=format!("{id}-hint")>{hint}</p>
        </div>
    }
}

/// Enters a room by its name; a plain form, so it works before hydration.
#[component]
pub(super) fn RoomForm(kind: RoomKind) -> impl IntoView {
    let words = &text().home;
    view! {
        <form class="room-form" method="get" action=format!("/{}/", kind.path())>
            <LanguageField />
            <label class="field">
                <span class="field__label">{words.room_name}</span>
                <input
                    class="input"
                    name="roomId"
                    required
                    maxlength=ID_MAX.to_string()
                    pattern=ROOM_PATTERN
                    title=words.room_hint
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint="go"
                />
            </label>
            <button class="button button--primary" type="submit">
                {words.enter}
            </button>
        </form>
    }
}

/// What `RoomId::parse` accepts, for the browser's own validation.
pub(super) const ROOM_PATTERN: &str = r"[A-Za-z0-9_\-]+";
