//! What concerns the whole meeting: the connection, held-back sound.

use client::{Intent, model::Phase};
use leptos::prelude::*;

use crate::{components::Icon, state::Meeting, text::text};

/// Banners above the stage.
#[component]
pub(super) fn Banners() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().meeting;
    let lost = Memo::new(move |_| {
        store.phase.with(|phase| match phase {
            Phase::Reconnecting { server_restart, .. } => Some(match server_restart {
                true => words.server_restart,
                false => words.reconnecting,
            }),
            Phase::Prejoin
            | Phase::Early { .. }
            | Phase::AskPin(_)
            | Phase::Waiting
            | Phase::Joining { .. }
            | Phase::Joined
            | Phase::Ended(_) => None,
        })
    });
    view! {
        <div class="banners">
            <div role="status">
                {move || {
                    lost.get()
                        .map(|says| {
                            view! {
                                <p class="banner banner--warning">
                                    <span class="spinner" aria-hidden="true"></span>
                                    {says}
                                </p>
                            }
                        })
                }}
            </div>
            <Show when=move || store.audio_blocked.get()>
                <div class="banner" role="alert">
                    <Icon glyph=icondata::LuVolume2 />
                    <span>{words.audio_blocked}</span>
                    <button
                        type="button"
                        class="button button--primary"
                        on:click=move |_| meeting.send(Intent::PlayAudio)
                    >
                        {words.play_audio}
                    </button>
                </div>
            </Show>
        </div>
    }
}
