//! What all screens before the door have in common: where one is, what is
//! waited for, the way back.

use client::{Intent, model::Phase};
use leptos::{html, prelude::*};
use leptos_meta::Title;
use protocol::{Role, RoomKind};

use crate::{
    brand,
    browser::focus,
    components::{Icon, Logo},
    page::Page,
    prejoin::{Preview, RecordedNotice},
    state::{Meeting, RoomPage},
    text::{Explanation, text},
};

/// A screen before the door. The heading takes the focus, so that screen
/// readers tell at once what is waited for.
#[component]
pub(super) fn Door(
    /// What is waited for, and what to do.
    explanation: Explanation,
    /// Camera and microphone can be looked after meanwhile.
    #[prop(optional)]
    with_preview: bool,
    /// The focus goes to something inside, and not to the heading.
    #[prop(optional)]
    focus_inside: bool,
    children: Children,
) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = text();
    let room = expect_context::<RoomPage>();
    let watches = Page::expect().given(|given| given.role == Role::Viewer);
    let kind = match room.kind {
        RoomKind::Call => words.prejoin.conference,
        RoomKind::Webinar => words.prejoin.webinar,
    };
    let heading = NodeRef::<html::H1>::new();
    if !focus_inside {
        focus::take(heading);
    }
    let unreachable =
        move || matches!(meeting.store.phase.get(), Phase::Joining { attempt } if attempt > 1);
    view! {
        <Title text=format!("{} · {}", explanation.title, brand::name()) />
        <main class="door">
            <p class="door__room">
                <Logo />
                <span>{kind} " " <strong dir="ltr">{room.id.to_string()}</strong></span>
            </p>
            <div class="door__card">
                <h1 node_ref=heading tabindex="-1">
                    {explanation.title}
                </h1>
                <p class="door__hint">{explanation.hint}</p>
                <RecordedNotice />
                {children()}
                <p class="field__hint" data-wrong="true" role="status">
                    {move || unreachable().then_some(words.prejoin.unreachable)}
                </p>
            </div>
            {(with_preview && !watches).then(|| view! { <Preview /> })}
            <button type="button" class="button door__leave" on:click=move |_| meeting.send(Intent::Leave)>
                <Icon glyph=icondata::LuLogOut />
                {words.meeting.leave}
            </button>
        </main>
    }
}
