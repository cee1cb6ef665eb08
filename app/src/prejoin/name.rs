//! The participant's name.

use client::Intent;
use leptos::{html, prelude::*};
use protocol::{DISPLAY_NAME_MAX, DisplayName};

use crate::{page::Page, state::Meeting, text::text};

/// The name: to be written, or as it was given with the address.
#[component]
pub(crate) fn NameField(id: &'static str, label: &'static str) -> impl IntoView {
    match Page::expect().given(|given| given.display_name.clone()) {
        Some(name) => view! { <GivenName id=id label=label name=name /> }.into_any(),
        None => view! { <OwnName id=id label=label /> }.into_any(),
    }
}

/// A name that is not changed here, and why.
#[component]
fn GivenName(id: &'static str, label: &'static str, name: DisplayName) -> impl IntoView {
    let known = Meeting::expect().store.display_name;
    let given = name.clone();
    // the embedding page may give another one while the page runs
    let shown = move || match known.get() {
        name if name.as_str().is_empty() => given.as_str().to_owned(),
        name => name.as_str().to_owned(),
    };
    let why = format!("{id}-why");
    let described_by = why.clone();
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <input
                class="input"
                id=id
                name="name"
                readonly
                value=name.as_str().to_owned()
                prop:value=shown
                aria-describedby=described_by
            />
            <p class="field__hint" id=why>
                {text().page.name_given}
            </p>
        </div>
    }
}

/// A field for the name. What was typed before the browser took the page over
/// wins over what the engine remembers.
#[component]
fn OwnName(id: &'static str, label: &'static str) -> impl IntoView {
    let meeting = Meeting::expect();
    let name = meeting.store.display_name;
    let field = NodeRef::<html::Input>::new();
    let rename = move |typed: String| meeting.send(Intent::SetDisplayName(typed));
    Effect::new(move |before: Option<bool>| {
        let known = name.with(|name| name.as_str().to_owned());
        let Some(field) = field.get() else {
            return before.unwrap_or(false);
        };
        let typed = field.value();
        let first = before != Some(true);
        if first && !typed.trim().is_empty() && typed != known {
            rename(typed);
        } else if !is_focused(&field) && typed != known {
            field.set_value(&known);
        }
        true
    });
    view! {
        <label class="field" for=id>
            <span class="field__label">{label}</span>
            <input
                class="input"
                id=id
                name="name"
                node_ref=field
                maxlength=DISPLAY_NAME_MAX.to_string()
                placeholder=text().prejoin.name_placeholder
                autocomplete="name"
                enterkeyhint="go"
                on:input=move |event| rename(event_target_value(&event))
            />
        </label>
    }
}

/// Nobody's typing is overwritten.
fn is_focused(field: &web_sys::HtmlInputElement) -> bool {
    document()
        .active_element()
        .is_some_and(|active| active == ***field)
}
