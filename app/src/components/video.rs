//! A `<video>` that shows a stream and is never made anew for another one.

use leptos::{html, prelude::*, task::spawn_local, web_sys::MediaStream};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

/// Shows what `stream` gives; asks again whenever a signal that it reads
/// changes, and touches the element only if the stream is another one.
#[component]
pub(crate) fn StreamVideo(
    /// The stream; runs inside an effect.
    #[prop(into)]
    stream: Callback<(), Option<MediaStream>>,
    /// Whether the picture is a mirror.
    #[prop(optional)]
    mirrored: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Video>::new();
    let moves = RwSignal::new(false);
    Effect::new(move |_| {
        let wanted = stream.run(());
        let Some(video) = node.get() else { return };
        if video.src_object() != wanted {
            moves.set(false);
            video.set_muted(true);
            video.set_src_object(wanted.as_ref());
            if wanted.is_some() {
                play(&video);
            }
        }
    });
    view! {
        <video
            class="video"
            node_ref=node
            autoplay
            playsinline
            data-mirrored=mirrored.then_some("true")
            data-moves=move || moves.get().then_some("true")
            aria-hidden="true"
            tabindex="-1"
            on:playing=move |_| moves.set(true)
            on:emptied=move |_| moves.set(false)
        ></video>
    }
}

/// Starts a video. The promise fails when another stream comes in between,
/// which then starts by itself.
fn play(video: &HtmlVideoElement) {
    if let Ok(started) = video.play() {
        spawn_local(async move {
            let _ = JsFuture::from(started).await;
        });
    }
}
