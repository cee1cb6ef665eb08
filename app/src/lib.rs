//! The pages of Meetframe, rendered on the server and hydrated in the browser.
//!
//! Owns what is seen and clicked. Decides nothing about a meeting: it shows
//! the `Model` of the `client` engine and sends it `Intent`s.

#![recursion_limit = "256"]

mod shell;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

pub use shell::shell;

/// The application: every page of it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Meetframe" />
        <Router>
            <Routes fallback=|| view! { <h1>"Not found"</h1> }>
                <Route path=path!("") view=|| view! { <h1>"Meetframe"</h1> } />
            </Routes>
        </Router>
    }
}

/// Takes the server's page over in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    if let Some(body) = document().body() {
        let _ = body.set_attribute("data-hydrated", "1");
    }
}
