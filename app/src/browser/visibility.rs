//! Whether the page can be seen, and how fine its pixels are.

use leptos::{ev::Custom, prelude::*};

/// Whether the page is visible, now and later.
pub(crate) fn watch() -> ReadSignal<bool> {
    let (visible, set_visible) = signal(true);
    Effect::new(move |_| set_visible.set(!document().hidden()));
    let listener = window_event_listener(
        Custom::<web_sys::Event>::new("visibilitychange"),
        move |_| {
            set_visible.set(!document().hidden());
        },
    );
    on_cleanup(move || listener.remove());
    visible
}

/// Device pixels in one CSS pixel.
pub(crate) fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(0.5, 4.0)
}
