//! How the settings come from the server into the browser: within the page.

use leptos::prelude::*;
use protocol::PageSettings;

/// What came with the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Handed {
    /// What the server made of the address.
    Settings(Box<PageSettings>),
    /// The server rendered the page and says nothing about its address.
    Nothing,
    /// The browser came here without asking the server: it has to.
    Unasked,
}

/// What came with this page. Call it where the server does, too.
pub(crate) fn handed() -> Handed {
    let rendered = cfg!(feature = "ssr") || is_hydrating();
    let shared = SharedValue::new(use_context::<PageSettings>);
    match shared.into_inner() {
        Some(settings) => Handed::Settings(Box::new(settings)),
        None if rendered => Handed::Nothing,
        None => Handed::Unasked,
    }
}

/// Whether the browser is taking over what the server rendered.
fn is_hydrating() -> bool {
    Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}
