//! Why a camera or microphone cannot be had, and the way out.

use client::{
    Intent,
    model::{DeviceFailure, Input, InputState},
};
use leptos::prelude::*;
use protocol::Source;

use crate::{
    components::{CopyButton, Icon},
    state::Meeting,
    text::{Explanation, Which, text},
};

/// Everything that is wrong with the devices now; both at once if it is the same.
#[component]
pub(crate) fn DeviceProblems() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let found = Memo::new(move |_| {
        let failure = |input: RwSignal<Input>| input.with(failure);
        found(failure(store.camera), failure(store.microphone))
    });
    view! {
        <div class="problems" role="status">
            {move || {
                found
                    .get()
                    .into_iter()
                    .map(|(which, failure)| view! { <DeviceProblem which=which failure=failure /> })
                    .collect_view()
            }}
        </div>
    }
}

/// What an embedding page has to write into its iframe.
const EMBEDDER_LINE: &str =
    "allow=\"camera; microphone; display-capture; fullscreen; autoplay; screen-wake-lock\"";

/// One of them, with what to do.
#[component]
fn DeviceProblem(which: Which, failure: DeviceFailure) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = &text().devices;
    let try_again = move |_| {
        if which != Which::Microphone {
            meeting.send(Intent::SetInput(Source::Camera, true));
        }
        if which != Which::Camera {
            meeting.send(Intent::SetInput(Source::Microphone, true));
        }
    };
    let embedder = (failure == DeviceFailure::BlockedByEmbedder).then(|| {
        view! {
            <pre class="code">
                <code>{EMBEDDER_LINE}</code>
            </pre>
            <CopyButton what=|()| EMBEDDER_LINE.to_owned() label=words.copy_line />
        }
    });
    let retry = can_change(failure).then(|| {
        view! {
            <button type="button" class="button" on:click=try_again>
                {words.try_again}
            </button>
        }
    });
    view! {
        <div class="problem">
            <Icon glyph=icondata::LuTriangleAlert />
            <div class="problem__body">
                <Explained explanation=words.failure(which, failure) />
                {embedder}
                {retry}
            </div>
        </div>
    }
}

/// A title and a hint.
#[component]
fn Explained(explanation: Explanation) -> impl IntoView {
    view! {
        <p class="explained__title">{explanation.title}</p>
        <p class="explained__hint">{explanation.hint}</p>
    }
}

/// Whether trying once more may help without reloading the page.
fn can_change(failure: DeviceFailure) -> bool {
    match failure {
        DeviceFailure::Denied
        | DeviceFailure::NotFound
        | DeviceFailure::InUse
        | DeviceFailure::Untouched
        | DeviceFailure::Other => true,
        DeviceFailure::BlockedByEmbedder
        | DeviceFailure::InsecureContext
        | DeviceFailure::Unsupported => false,
    }
}

fn failure(input: &Input) -> Option<DeviceFailure> {
    match input.state {
        InputState::Failed(failure) => Some(failure),
        InputState::Off | InputState::Starting | InputState::On => None,
    }
}

fn found(
    camera: Option<DeviceFailure>,
    microphone: Option<DeviceFailure>,
) -> Vec<(Which, DeviceFailure)> {
    match (camera, microphone) {
        (Some(camera), Some(microphone)) if camera == microphone => vec![(Which::Both, camera)],
        (camera, microphone) => camera
            .map(|failure| (Which::Camera, failure))
            .into_iter()
            .chain(microphone.map(|failure| (Which::Microphone, failure)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_failure_of_both_devices_is_told_once() {
        let denied = Some(DeviceFailure::Denied);
        assert_eq!(
            found(denied, denied),
            [(Which::Both, DeviceFailure::Denied)]
        );
        assert_eq!(
            found(denied, Some(DeviceFailure::NotFound)),
            [
                (Which::Camera, DeviceFailure::Denied),
                (Which::Microphone, DeviceFailure::NotFound)
            ]
        );
        assert!(found(None, None).is_empty());
    }
}
