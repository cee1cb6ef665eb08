//! What the tenant looks like: name, logo, accent colour, on every page.
//!
//! The colours are made on the server and stand in the document; the browser
//! knows name and logo only.

#[cfg(not(target_arch = "wasm32"))]
mod colour;
#[cfg(not(target_arch = "wasm32"))]
mod style;

use leptos::prelude::*;
use protocol::{Brand, PageSettings};

use crate::text::text;

#[cfg(feature = "ssr")]
pub(crate) use style::style;

/// Makes the tenant's brand known to all components. The server gives it with
/// the settings of a room's page, or alone.
pub(crate) fn provide() {
    let shared = SharedValue::new(of_request);
    provide_context::<Brand>(shared.into_inner());
}

/// The brand of the request that is being answered.
fn of_request() -> Brand {
    use_context::<PageSettings>()
        .map(|settings| settings.brand)
        .or_else(use_context::<Brand>)
        .unwrap_or_default()
}

/// What this place is called.
pub(crate) fn name() -> String {
    use_context::<Brand>()
        .and_then(|brand| brand.name)
        .unwrap_or_else(|| text().common.brand.to_owned())
}

/// The tenant's own sign, if it has one: a picture's address.
pub(crate) fn logo() -> Option<String> {
    use_context::<Brand>().and_then(|brand| brand.logo)
}
