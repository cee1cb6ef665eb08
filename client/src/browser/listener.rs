//! Guards: listeners and timers of the browser that end with their owner.

use std::time::Duration;

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, EventTarget, Window};

/// An event listener that is removed on drop.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls back on each event, in the capture phase so that nobody can hide it.
    pub fn new(
        target: &EventTarget,
        event: &'static str,
        callback: impl FnMut(Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(callback);
        target
            .add_event_listener_with_callback_and_bool(
                event,
                callback.as_ref().unchecked_ref(),
                true,
            )
            .expect("addEventListener takes any name and function");
        Self {
            target: target.clone(),
            event,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // fails only where it was never added
        let _ = self.target.remove_event_listener_with_callback_and_bool(
            self.event,
            self.callback.as_ref().unchecked_ref(),
            true,
        );
    }
}

/// The page's window.
pub(crate) fn window() -> Window {
    web_sys::window().expect("the engine runs in a page, not in a worker")
}

fn milliseconds(time: Duration) -> i32 {
    // rounded up, so that a timer is never early
    i32::try_from(time.as_micros().div_ceil(1_000)).unwrap_or(i32::MAX)
}

/// A timer that fires once and is cancelled on drop.
pub(crate) struct Timeout {
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    pub(crate) fn new(after: Duration, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let handle = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                milliseconds(after),
            )
            .expect("setTimeout takes any function");
        Self {
            handle,
            _callback: callback,
        }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.handle);
    }
}

/// A timer that fires again and again and is cancelled on drop.
pub(crate) struct Interval {
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Interval {
    pub(crate) fn new(every: Duration, callback: impl FnMut() + 'static) -> Self {
        let callback = Closure::<dyn FnMut()>::new(callback);
        let handle = window()
            .set_interval_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                milliseconds(every),
            )
            .expect("setInterval takes any function");
        Self {
            handle,
            _callback: callback,
        }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        window().clear_interval_with_handle(self.handle);
    }
}

/// Tells developers what went wrong in the browser's own words.
pub(crate) fn report(what: &str, error: &JsValue) {
    web_sys::console::error_2(&what.into(), error);
}
