//! The welcome screen: try the devices, say who you are, join. Whoever only
//! watches has no devices to try.

pub(crate) mod name;
mod preview;
mod ready;
mod recorded;

use client::{Intent, model::Phase};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use protocol::{Role, RoomKind};

use crate::{
    brand,
    components::{Icon, LanguageFoot, Logo},
    devices::{DeviceSelects, Switch},
    page::Page,
    state::{Meeting, RoomPage},
    text::text,
};
use name::NameField;

pub(crate) use preview::Preview;
pub(crate) use ready::Ready;
pub(crate) use recorded::RecordedNotice;

/// The welcome screen. Its texts and its name field are there before the
/// browser has taken the page over; what needs the engine waits for it.
#[component]
pub(crate) fn Prejoin() -> impl IntoView {
    let words = text();
    let room = expect_context::<RoomPage>();
    let watches = Page::expect().given(|given| given.role == Role::Viewer);
    let kind = match room.kind {
        RoomKind::Call => words.prejoin.conference,
        RoomKind::Webinar => words.prejoin.webinar,
    };
    view! {
        <Title text=format!("{} · {}", room.id, brand::name()) />
        <main class="prejoin" data-watches=watches.then_some("true")>
            <header class="prejoin__head">
                <a class="brand" href="/">
                    <Logo />
                    <h1>{brand::name()}</h1>
                </a>
                <p class="prejoin__room">
                    {kind} " " <strong dir="ltr">{room.id.to_string()}</strong>
                </p>
            </header>
            {(!watches).then(|| view! { <Preview /> })}
            <JoinForm watches=watches />
            <LanguageFoot />
        </main>
    }
}

/// Name, devices, and the button.
#[component]
fn JoinForm(
    /// Without devices.
    watches: bool,
) -> impl IntoView {
    let meeting = Meeting::expect();
    let page = Page::expect();
    let words = text();
    let ready = meeting.store.started;
    let joining = move || matches!(meeting.store.phase.get(), Phase::Joining { .. });
    let unreachable =
        move || matches!(meeting.store.phase.get(), Phase::Joining { attempt } if attempt > 1);
    let (microphone, camera) = (Switch::microphone(meeting), Switch::camera(meeting));
    let without = move || !watches && ready.get() && !microphone.is_on() && !camera.is_on();
    let join = move |event: ev::SubmitEvent| {
        event.prevent_default();
        page.fill_screen();
        meeting.send(Intent::Join);
    };
    let devices = if watches {
        view! { <Watching /> }.into_any()
    } else {
        view! {
            <div class="prejoin__devices">
                <DeviceSelects />
            </div>
        }
        .into_any()
    };
    view! {
        <form class="prejoin__form" on:submit=join>
            <NameField id="your-name" label=words.prejoin.your_name />
            {devices}
            <RecordedNotice />
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

/// What a viewer may expect.
#[component]
fn Watching() -> impl IntoView {
    let words = text().page.you_watch;
    view! {
        <div class="watching">
            <Icon glyph=icondata::LuEye />
            <div>
                <p class="explained__title">{words.title}</p>
                <p class="explained__hint">{words.hint}</p>
            </div>
        </div>
    }
}
