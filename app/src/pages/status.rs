//! What the HTTP answer says besides the page. In the browser there is none.

/// The kinds of answers that are not simply a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    BadRequest,
    NotFound,
}

/// Gives the answer the fitting status.
#[cfg(feature = "ssr")]
pub(super) fn answer(answer: Answer) {
    use leptos::prelude::use_context;
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(match answer {
            Answer::BadRequest => http::StatusCode::BAD_REQUEST,
            Answer::NotFound => http::StatusCode::NOT_FOUND,
        });
    }
}

/// Gives the answer the fitting status; there is no answer in the browser.
#[cfg(not(feature = "ssr"))]
pub(super) fn answer(_answer: Answer) {}

/// Sends the browser to another address of ours.
#[cfg(feature = "ssr")]
pub(super) fn redirect(to: &str) {
    leptos_axum::redirect(to);
}

/// Sends the browser to another address of ours, once the page is hydrated.
#[cfg(not(feature = "ssr"))]
pub(super) fn redirect(to: &str) {
    use leptos::prelude::Effect;
    use leptos_router::{NavigateOptions, hooks::use_navigate};
    let (to, navigate) = (to.to_owned(), use_navigate());
    Effect::new(move |_| {
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&to, options);
    });
}
