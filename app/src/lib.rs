//! The pages of Meetframe, rendered on the server and hydrated in the browser.
//!
//! Owns what is seen and clicked. Decides nothing about a meeting: it shows
//! the `Model` of the `client` engine and sends it `Intent`s.
//!
//! - `pages` one per address; `prejoin`, `meeting`, `ended` the three screens of a room
//! - `state` the engine's model as signals, and the bridge to the engine
//! - `meeting::{layout, order, scene}` pure: who is where
//! - `devices`, `components` shared parts; `browser` guards around the browser
//! - `text` every word, by language

#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` structs for properties"
)]

mod browser;
mod components;
mod devices;
mod ended;
mod meeting;
mod pages;
mod prejoin;
mod routes;
mod shell;
mod state;
mod text;

pub use routes::App;
pub use shell::shell;

/// Takes the server's page over in the browser, and says so on `<body>`.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    if let Some(body) = leptos::prelude::document().body() {
        // cannot fail: the name is a valid attribute
        let _ = body.set_attribute("data-hydrated", "1");
    }
}
