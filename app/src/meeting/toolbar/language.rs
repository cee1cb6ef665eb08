//! Which language is listened to, where interpreters are at work.

use client::Intent;
use leptos::prelude::*;

use crate::{
    browser::languages,
    components::{Menu, MenuItem, MenuLine},
    state::Meeting,
    text::text,
};

/// The choice as a tool of its own.
#[component]
pub(super) fn LanguageMenu() -> impl IntoView {
    let offered = offered();
    view! {
        <Show when=move || !offered.with(Vec::is_empty)>
            <Menu class="tool--wide" label=text().tools.language glyph=icondata::LuLanguages>
                <Choices offered=offered />
            </Menu>
        </Show>
    }
}

/// The choice within another menu.
#[component]
pub(super) fn LanguageItems() -> impl IntoView {
    let offered = offered();
    view! {
        <Show when=move || !offered.with(Vec::is_empty)>
            <MenuLine />
            <Choices offered=offered />
            <MenuLine />
        </Show>
    }
}

fn offered() -> Memo<Vec<String>> {
    let store = Meeting::expect().store;
    Memo::new(move |_| store.settings.with(|settings| settings.languages.clone()))
}

/// The original and the languages of the interpreters.
#[component]
fn Choices(offered: Memo<Vec<String>>) -> impl IntoView {
    view! {
        <Choice language=None />
        <For
            each=move || offered.get()
            key=Clone::clone
            children=|language| view! { <Choice language=Some(language) /> }
        />
        <MuteOriginal />
    }
}

/// One language; none is the original.
#[component]
fn Choice(language: Option<String>) -> impl IntoView {
    let meeting = Meeting::expect();
    let label = match &language {
        Some(tag) => languages::own_name(tag),
        None => text().tools.original.to_owned(),
    };
    let checked = {
        let language = language.clone();
        Memo::new(move |_| meeting.store.language.with(|chosen| *chosen == language))
    };
    let choose = move |()| meeting.send(Intent::SetLanguage(language.clone()));
    view! { <MenuItem label=label glyph=icondata::LuAudioLines checked=checked on_choose=choose /> }
}

/// Whether the original is heard below the language; only while one is chosen.
#[component]
fn MuteOriginal() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let toggle = move |()| {
        let muted = store.original_muted.get_untracked();
        meeting.send(Intent::MuteOriginal(!muted));
    };
    view! {
        <Show when=move || store.language.with(Option::is_some)>
            <MenuLine />
            <MenuItem
                label=text().tools.mute_original.to_owned()
                glyph=icondata::LuVolumeX
                checked=store.original_muted
                toggle=true
                on_choose=toggle
            />
        </Show>
    }
}
