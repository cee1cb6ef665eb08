//! What works in this frame.

use client::{Engine, model::Prospects};
use js_sys::Reflect;
use leptos::prelude::window;
use protocol::{BridgeDiagnosis, Source};

use super::Frame;
use crate::{
    bridge::{
        capability::{Feature, of_any, of_autoplay, of_source, once_tried},
        outcome,
    },
    browser::{full_screen, policy},
};

impl Frame {
    pub(super) async fn diagnose(&self) -> BridgeDiagnosis {
        let opaque = is_opaque();
        let secure = window().is_secure_context();
        let blocked = self.look(|model| model.audio_blocked).unwrap_or(false);
        let fullscreen = Feature {
            allowed: policy::allows("fullscreen"),
            supported: full_screen::is_available(),
            secure: true,
        };
        let wake_lock = Feature {
            allowed: policy::allows("screen-wake-lock"),
            supported: has("wakeLock"),
            secure,
        };
        BridgeDiagnosis {
            camera: of_source(self.prospects(Source::Camera).await, opaque),
            microphone: of_source(self.prospects(Source::Microphone).await, opaque),
            display_capture: of_source(Engine::prospects(Source::Screen).await, opaque),
            autoplay: of_autoplay(blocked, policy::allows("autoplay"), opaque),
            fullscreen: of_any(fullscreen, opaque),
            screen_wake_lock: of_any(wake_lock, opaque),
        }
    }

    /// What stands in the way of a camera or microphone, as far as is known.
    async fn prospects(&self, source: Source) -> Prospects {
        let before = Engine::prospects(source).await;
        let state = self.look(|model| outcome::input(model, source).state);
        once_tried(before, state.unwrap_or_default())
    }
}

/// Whether a sandbox took the frame's origin away.
fn is_opaque() -> bool {
    let origin = Reflect::get(&window(), &"origin".into());
    origin.ok().and_then(|origin| origin.as_string()).as_deref() == Some("null")
}

fn has(name: &str) -> bool {
    let value = Reflect::get(&window().navigator(), &name.into());
    value.is_ok_and(|value| value.is_truthy())
}
