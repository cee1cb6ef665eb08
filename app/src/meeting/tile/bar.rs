//! The bar at the foot of a tile: raised hand, muted microphone, name, what
//! somebody is, bad connection.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{QualityScore, Role};

use crate::{
    components::{Bars, Icon},
    state::Person,
    text::text,
};

/// All that there is to know about somebody in a few signs.
#[component]
pub(super) fn NameBar(person: Arc<Person>, name: Signal<String>, is_screen: bool) -> impl IntoView {
    let words = &text().tile;
    let media = person.media.clone();
    let hand = person.hand.clone();
    let raised = move || {
        let raised = !is_screen && hand.get().is_some();
        raised.then(|| {
            view! {
                <span class="tile__hand" role="img" aria-label=words.hand title=words.hand>
                    <Icon glyph=icondata::LuHand />
                </span>
            }
        })
    };
    let role = (!is_screen).then(|| view! { <RoleSign person=Arc::clone(&person) /> });
    let muted = move || {
        let muted = !is_screen && !media.get().microphone;
        muted.then(|| {
            view! {
                <span class="tile__sign" role="img" aria-label=words.muted>
                    <Icon glyph=icondata::LuMicOff />
                </span>
            }
        })
    };
    let connection = move || {
        let (words, lit) = match person.quality.get() {
            QualityScore::Good => return None,
            QualityScore::Fair => (words.fair, 2),
            QualityScore::Poor => (words.poor, 1),
            QualityScore::Lost => (words.lost, 0),
        };
        Some(view! {
            <span class="tile__sign tile__sign--connection" role="img" aria-label=words title=words>
                <Bars lit=lit />
            </span>
        })
    };
    view! {
        <div class="tile__bar">
            {raised} {muted} <span class="tile__name" dir="auto">
                {move || name.get()}
            </span> {role} {connection}
        </div>
    }
}

/// Whoever leads, and into which language somebody translates.
#[component]
fn RoleSign(person: Arc<Person>) -> impl IntoView {
    let words = &text().tile;
    let (role, language) = (person.role.clone(), person.language.clone());
    move || match role.get() {
        Role::Moderator => view! {
            <span class="tile__sign" role="img" aria-label=words.moderator title=words.moderator>
                <Icon glyph=icondata::LuShield />
            </span>
        }
        .into_any(),
        Role::Interpreter => {
            let tag = language.get().unwrap_or_default();
            let label = words.interpreter.with(&tag);
            view! {
                <span class="tile__language" role="img" aria-label=label.clone() title=label>
                    <Icon glyph=icondata::LuLanguages />
                    {tag.to_uppercase()}
                </span>
            }
            .into_any()
        }
        Role::Participant | Role::Viewer => ().into_any(),
    }
}
