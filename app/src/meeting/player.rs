//! The external player that everybody in the room is shown.
//!
//! It is a page of somebody else's, so it runs in a sandbox: it may run its
//! scripts and keep its own data, and reaches nothing of ours. As long as the
//! address stays the same, so does the frame: whatever moves on the stage, it
//! plays on.

use std::time::Duration;

use leptos::prelude::*;

use super::{scene::Picture, tile::px};
use crate::{browser::language, components::Icon, state::Meeting, text::text};

/// What the player's page may do. Without its own origin most players refuse
/// to work; they cannot get out by that, since our origin is refused.
const SANDBOX: &str = "allow-scripts allow-same-origin allow-presentation allow-forms allow-popups";

/// What is passed on to the player's page.
const ALLOW: &str = "autoplay; fullscreen; encrypted-media; picture-in-picture";

/// A player that needs longer than this is probably not coming.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether there is a player to be shown.
pub(super) fn is_wanted() -> Memo<bool> {
    let source = source();
    Memo::new(move |_| source.with(Option::is_some))
}

/// The player's address. The server has checked it; what is no https address
/// all the same is not opened.
fn source() -> Memo<Option<String>> {
    let settings = Meeting::expect().store.settings;
    Memo::new(move |_| {
        let video = settings.with(|settings| settings.video.clone());
        let origin = window().location().origin().unwrap_or_default();
        video.filter(|address| is_elsewhere(address, &origin))
    })
}

/// An https address of another origin. The server refuses the names that it
/// knows of itself; this page may have come by one that it does not know.
fn is_elsewhere(address: &str, origin: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let is_ours = address
        .strip_prefix(&origin.to_ascii_lowercase())
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "-.:@".contains(c)));
    address.starts_with("https://") && !is_ours
}

/// The player in its place on the stage.
#[component]
pub(super) fn Player(picture: Memo<Picture>) -> impl IntoView {
    let source = source();
    move || {
        let address = source.get()?;
        Some(view! { <Frame address=address picture=picture /> })
    }
}

/// The frame, as long as the address stays the same.
#[component]
fn Frame(address: String, picture: Memo<Picture>) -> impl IntoView {
    let words = || {
        language::track();
        &text().player
    };
    let rect = Memo::new(move |_| picture.with(|picture| picture.player));
    let place = move || rect.get().unwrap_or_default();
    let (loaded, late) = (RwSignal::new(false), late());
    let link = address.clone();
    view! {
        <section
            class="player"
            aria-label=move || words().title
            data-placed=move || rect.get().is_some().to_string()
            style:inset-inline-start=move || px(place().x)
            style:inset-block-start=move || px(place().y)
            style:inline-size=move || px(place().width)
            style:block-size=move || px(place().height)
        >
            <iframe
                class="player__frame"
                title=move || words().title
                sandbox=SANDBOX
                allow=ALLOW
                referrerpolicy="strict-origin-when-cross-origin"
                src=address
                on:load=move |_| loaded.set(true)
            ></iframe>
            <p class="player__late" role="status">
                {move || (late.get() && !loaded.get()).then(|| words().late)}
            </p>
            <a
                class="player__open"
                href=link
                target="_blank"
                rel="noopener noreferrer external"
                aria-label=move || words().open
                title=move || words().open
            >
                <Icon glyph=icondata::LuExternalLink />
            </a>
        </section>
    }
}

/// Becomes true when there was time enough to load.
fn late() -> RwSignal<bool> {
    let late = RwSignal::new(false);
    let timer = set_timeout_with_handle(
        move || {
            let _ = late.try_set(true);
        },
        PATIENCE,
    );
    if let Ok(timer) = timer {
        on_cleanup(move || timer.clear());
    }
    late
}

#[cfg(test)]
mod tests {
    use super::is_elsewhere;

    #[test]
    fn a_player_is_an_https_page_of_another_origin() {
        let ours = "https://meet.example";
        for elsewhere in [
            "https://player.example/embed/1",
            "https://meet.example.net/",
            "https://meet.example:8443/x",
        ] {
            assert!(is_elsewhere(elsewhere, ours), "{elsewhere}");
        }
        for refused in [
            "http://player.example/",
            "https://meet.example",
            "https://meet.example/call/?roomId=x",
            "https://MEET.example?x",
            "javascript:alert(1)",
        ] {
            assert!(!is_elsewhere(refused, ours), "{refused}");
        }
    }
}
