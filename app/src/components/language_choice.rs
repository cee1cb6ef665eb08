//! Which language the page speaks: each one named in its own words.

use leptos::{html, prelude::*};

use super::Icon;
use crate::{
    browser::language::PageTongue,
    text::{Language, text},
};

/// The choice as one setting among others.
#[component]
pub(crate) fn LanguageChoice() -> impl IntoView {
    view! {
        <label class="field">
            <span class="field__label">{text().settings.language}</span>
            <LanguageSelect />
        </label>
        <Failure />
    }
}

/// The choice at the foot of a page.
#[component]
pub(crate) fn LanguageFoot() -> impl IntoView {
    view! {
        <footer class="language-foot needs-script">
            <label class="field field--device">
                <Icon glyph=icondata::LuLanguages />
                <span class="visually-hidden">{text().settings.language}</span>
                <LanguageSelect />
            </label>
            <Failure />
        </footer>
    }
}

/// A list of the languages; a choice takes effect at once.
#[component]
fn LanguageSelect() -> impl IntoView {
    let tongue = PageTongue::expect();
    let shown = text().lang;
    let options = Language::ALL
        .iter()
        .map(|language| {
            view! {
                <option
                    value=language.tag
                    lang=language.tag
                    dir=language.dir
                    selected=language.tag == shown
                    prop:selected=move || {
                        // the choice goes back when it cannot be fulfilled
                        tongue.has_failed();
                        language.tag == shown
                    }
                >
                    {language.name}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            class="select"
            name="language"
            autocomplete="off"
            node_ref=focused_after_choice(tongue)
            on:change=move |event| tongue.choose(event_target_value(&event))
        >
            {options}
        </select>
    }
}

/// Drawn anew after a choice: the focus was here and stays here.
fn focused_after_choice(tongue: PageTongue) -> NodeRef<html::Select> {
    let select = NodeRef::<html::Select>::new();
    if tongue.was_choosing() {
        Effect::new(move |_| {
            if let Some(select) = select.get() {
                // behind a dialog, which opens with its focus elsewhere
                request_animation_frame(move || {
                    let _ = select.focus();
                });
            }
        });
    }
    select
}

/// Says that the choice could not be fulfilled.
#[component]
fn Failure() -> impl IntoView {
    let tongue = PageTongue::expect();
    let words = &text().settings;
    view! {
        <p class="field__hint" role="status" data-wrong="true">
            {move || tongue.has_failed().then_some(words.language_failed)}
        </p>
    }
}
