//! The parts of the program that a first visit does without: the browser loads
//! them when the page is there already, long before somebody clicks on *Join*;
//! or never, where they are for pages of another kind.
//!
//! The build splits the program here (`xtask`, release only): what only a part
//! reaches lies in a file of its own.

mod loading;

use leptos::prelude::*;

pub(crate) use loading::loading;

use crate::{meeting::MeetingScreen, recorder::RecorderScreen, watch::Watch};

/// Draws a part.
pub(crate) type Draw = fn() -> AnyView;

/// A part could not be loaded.
#[derive(Debug)]
pub(crate) struct NotLoaded;

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The meeting.
    Meeting,
    /// The page that records the meeting.
    Recorder,
    /// The player of recordings.
    Watch,
}

impl Part {
    async fn fetch(self) -> Result<Draw, NotLoaded> {
        match self {
            Self::Meeting => meeting().await,
            Self::Recorder => recorder().await,
            Self::Watch => watch().await,
        }
    }
}

#[cfg(any(debug_assertions, not(target_arch = "wasm32")))]
mod whole {
    use super::{Draw, NotLoaded};

    pub(super) async fn meeting() -> Result<Draw, NotLoaded> {
        Ok(super::draw_meeting)
    }

    pub(super) async fn recorder() -> Result<Draw, NotLoaded> {
        Ok(super::draw_recorder)
    }

    pub(super) async fn watch() -> Result<Draw, NotLoaded> {
        Ok(super::draw_watch)
    }
}
#[cfg(any(debug_assertions, not(target_arch = "wasm32")))]
use whole::{meeting, recorder, watch};

#[cfg(all(not(debug_assertions), target_arch = "wasm32"))]
mod split {
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    use super::{Draw, NotLoaded, draw_meeting, draw_recorder, draw_watch};

    impl From<SplitLoaderError> for NotLoaded {
        fn from(_: SplitLoaderError) -> Self {
            Self
        }
    }

    #[wasm_split(meeting, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(crate) fn meeting() -> Result<Draw, NotLoaded> {
        Ok(draw_meeting)
    }

    #[wasm_split(recorder, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(crate) fn recorder() -> Result<Draw, NotLoaded> {
        Ok(draw_recorder)
    }

    #[wasm_split(watch, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(crate) fn watch() -> Result<Draw, NotLoaded> {
        Ok(draw_watch)
    }
}
#[cfg(all(not(debug_assertions), target_arch = "wasm32"))]
use split::{meeting, recorder, watch};

fn draw_meeting() -> AnyView {
    view! { <MeetingScreen /> }.into_any()
}

fn draw_recorder() -> AnyView {
    view! { <RecorderScreen /> }.into_any()
}

fn draw_watch() -> AnyView {
    view! { <Watch /> }.into_any()
}
