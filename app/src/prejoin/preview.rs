//! How the camera sees one, and how loud one is.

use client::model::InputState;
use leptos::prelude::*;
use protocol::Role;

use crate::{
    components::{Icon, StreamVideo},
    devices::{DeviceProblems, LevelMeter, Switch},
    page::Page,
    state::Meeting,
    text::text,
};

/// The own picture with the two switches and the level.
#[component]
pub(crate) fn Preview() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = text();
    let state = Memo::new(move |_| store.camera.with(|camera| camera.state));
    let stream = move |()| {
        store.streams.track();
        (state.get() == InputState::On)
            .then(|| meeting.preview_stream())
            .flatten()
    };
    let says = move || match state.get() {
        InputState::Off if !store.started.get() => "",
        InputState::Off => words.prejoin.camera_is_off,
        InputState::Starting => words.prejoin.camera_starting,
        // the reason takes the place of the picture
        InputState::Failed(_) | InputState::On => "",
    };
    let has_camera = Page::expect().given(|given| given.role != Role::Interpreter);
    let hidden = move || !has_camera || matches!(state.get(), InputState::Failed(_));
    view! {
        <section class="preview" aria-label=words.prejoin.preview>
            <div class="preview__picture" hidden=hidden>
                <StreamVideo stream=stream mirrored=true />
                <p class="preview__says" role="status">
                    {says}
                </p>
            </div>
            <DeviceProblems />
            <div class="preview__bar">
                <SwitchButton switch=Switch::microphone(meeting) />
                <LevelMeter />
                {has_camera.then(|| view! { <SwitchButton switch=Switch::camera(meeting) /> })}
            </div>
        </section>
    }
}

/// A round switch on the picture.
#[component]
fn SwitchButton(switch: Switch) -> impl IntoView {
    view! {
        <button
            type="button"
            class="tool needs-script"
            data-on=move || switch.is_on().to_string()
            data-badge=move || switch.has_failed().then_some("!")
            data-badge-kind="alert"
            aria-label=move || switch.label()
            title=move || switch.label()
            on:click=move |_| switch.toggle()
        >
            {move || view! { <Icon glyph=switch.glyph() /> }}
        </button>
    }
}
