//! That the room is being recorded, said before one goes in.

use leptos::prelude::*;

use crate::{components::Icon, page::Page, text::text};

/// The notice; nothing where nothing is recorded, as far as the page knows.
#[component]
pub(crate) fn RecordedNotice() -> impl IntoView {
    let words = text().recording.before;
    Page::expect().given(|given| given.recorded).then(|| {
        view! {
            <div class="recorded" role="note">
                <Icon glyph=icondata::LuCircleDot />
                <div>
                    <p class="explained__title">{words.title}</p>
                    <p class="explained__hint">{words.hint}</p>
                </div>
            </div>
        }
    })
}
