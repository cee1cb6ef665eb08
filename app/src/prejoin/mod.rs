//! The welcome screen: try the devices, say who you are, join.

pub(crate) mod name;
mod preview;

use client::{Intent, model::Phase};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use protocol::RoomKind;

use crate::{
    components::Logo,
    devices::{DeviceSelects, Switch},
    state::{Meeting, RoomPage},
    text::text,
};
use name::NameField;
use preview::Preview;

/// The welcome screen. Its texts and its name field are there before the
/// browser has taken the page over; what needs the engine waits for it.
#[component]
pub(crate) fn Prejoin() -> impl IntoView {
    let words = text();
    let room = expect_context::<RoomPage>();
    let kind = match room.kind {
        RoomKind::Call => words.prejoin.conference,
        RoomKind::Webinar => words.prejoin.webinar,
    };
    view! {
        <Title text=format!("{} · {}", room.id, words.common.brand) />
        <main class="prejoin">
            <header class="prejoin__head">
                <a class="brand" href="/">
                    <Logo />
                    <h1>{words.common.brand}</h1>
                </a>
                <p class="prejoin__room">
                    {kind} " " <strong dir="ltr">{room.id.to_string()}</strong>
                </p>
            </header>
            <Preview />
            <JoinForm />
        </main>
    }
}

/// Name, devices, and the button.
#[component]
fn JoinForm() -> impl IntoView {
    let meeting = Meeting::expect();
    let words = text();
    let ready = meeting.store.started;
    let joining = move || matches!(meeting.store.phase.get(), Phase::Joining { .. });
    let unreachable =
        move || matches!(meeting.store.phase.get(), Phase::Joining { attempt } if attempt > 1);
    let (microphone, camera) = (Switch::microphone(meeting), Switch::camera(meeting));
    let without = move || ready.get() && !microphone.is_on() && !camera.is_on();
    let join = move |event: ev::SubmitEvent| {
        event.prevent_default();
        meeting.send(Intent::Join);
    };
    view! {
        <form class="prejoin__form" on:submit=join>
            <NameField id="your-name" label=words.prejoin.your_name />
            <div class="prejoin__devices">
                <DeviceSelects />
            </div>
            <p class="field__hint" role="status">
                {move || {
                    if unreachable() {
                        Some(words.prejoin.unreachable)
                    } else {
                        without().then_some(words.prejoin.without_devices)
                    }
                }}
            </p>
            <button
                type="submit"
                class="button button--primary button--large"
                disabled=true
                prop:disabled=move || !ready.get() || joining()
            >
                {move || if joining() { words.prejoin.joining } else { words.prejoin.join }}
            </button>
            <p class="until-hydrated" role="status">
                {words.common.loading}
            </p>
            <noscript>
                <p>{words.common.needs_script}</p>
            </noscript>
        </form>
    }
}
