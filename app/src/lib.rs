//! The pages of Meetframe, rendered on the server and hydrated in the browser.
//!
//! Owns what is seen and clicked. Decides nothing about a meeting: it shows
//! the `Model` of the `client` engine and sends it `Intent`s.
//!
//! - `pages` one per address; `prejoin`, `meeting`, `waiting`, `ended` the screens of a room
//! - `recorder` the room's page as the server records it; `watch` the player of recordings
//! - `bridge` the page around the frame drives the meeting
//! - `brand` what the tenant looks like
//! - `page` what the room's page was given with its address
//! - `parts` what is loaded after the page is there
//! - `state` the engine's model as signals, and the bridge to the engine
//! - `meeting::{layout, order, scene}` pure: who is where
//! - `devices`, `components` shared parts; `browser` guards around the browser
//! - `text` every word, by language

#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` structs for properties"
)]

mod brand;
mod bridge;
mod browser;
mod components;
mod devices;
mod ended;
mod meeting;
mod page;
#[cfg(feature = "ssr")]
mod page_language;
mod pages;
mod parts;
mod prejoin;
mod recorder;
mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod state;
mod text;
mod waiting;
mod watch;

#[cfg(feature = "ssr")]
pub use page_language::{PageLanguage, TEXTS_PATH, text_file};
pub use routes::App;
#[cfg(feature = "ssr")]
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
