//! Keeps the screen from going dark during a meeting.
//!
//! web-sys counts this interface among the unstable ones, so it is called by
//! its name; browsers have had it for years.

use js_sys::{Function, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{policy, visibility};

/// The lock; given back when it is dropped.
struct Lock(JsValue);

impl Lock {
    async fn request() -> Option<Self> {
        if !policy::allows("screen-wake-lock") {
            return None;
        }
        let lock = property(&window().navigator(), "wakeLock")?;
        // refused while the battery is low or the frame may not: nothing to say
        let asked = call(&lock, "request", &JsValue::from_str("screen"))?;
        JsFuture::from(asked).await.ok().map(Self)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(released) = call(&self.0, "release", &JsValue::UNDEFINED) {
            spawn_local(async move {
                let _ = JsFuture::from(released).await;
            });
        }
    }
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name))
        .ok()
        .filter(JsValue::is_truthy)
}

fn call(this: &JsValue, method: &str, argument: &JsValue) -> Option<Promise> {
    let method: Function = property(this, method)?.dyn_into().ok()?;
    method.call1(this, argument).ok()?.dyn_into().ok()
}

/// Holds the screen awake as long as the calling component lives. The browser
/// takes the lock away whenever the page is hidden, so it is asked for again.
pub(crate) fn hold() {
    let lock = StoredValue::new_local(None);
    let visible = visibility::watch();
    Effect::new(move |_| {
        if !visible.get() {
            lock.set_value(None);
            return;
        }
        spawn_local(async move {
            let asked = Lock::request().await;
            // where the component is gone by now, the guard falls here
            let _ = lock.try_update_value(|held| *held = asked);
        });
    });
}
