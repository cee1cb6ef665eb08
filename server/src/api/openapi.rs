//! The OpenAPI document: what all handlers have in common. The rest comes from
//! the handlers themselves.

use axum::{Router, http::header, routing::get};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::ProblemBody;

/// Where the document is.
pub(super) const PATH: &str = "/api/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Meetframe",
        description = "What a backend does with the rooms of this server. \
            Every request carries `Authorization: Bearer` with a permanent token \
            (`meetframe token create`) or the `access` token of a login. \
            Refusals are problem details (RFC 9457); `/api/errors` explains each code.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemBody)),
    security(("bearer" = [])),
    modifiers(&Bearer),
    tags(
        (name = "Rooms", description = "Rooms as the reference product has them"),
        (name = "Rooms, more of them", description = "Rooms planned, listed and changed"),
        (name = "People in rooms", description = "Who is there, and what they may"),
        (name = "Recordings", description = "What is being recorded"),
        (name = "Videos", description = "What was recorded"),
        (name = "Login", description = "Tokens for people, by name and password"),
        (name = "Tokens", description = "Permanent tokens and what they may"),
        (name = "Statistics", description = "Who was in which room, and for how long"),
        (name = "Webhooks", description = "Who is told of what happens, and what could not be told"),
    )
)]
struct Common;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A permanent token (`mf_…`) or the access token of a login",
            ))
            .build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        }
    }
}

/// The document before any handler.
pub(super) fn common() -> Document {
    Common::openapi()
}

/// Serves the finished document.
pub(super) fn served<S: Clone + Send + Sync + 'static>(document: &Document) -> Router<S> {
    let text = serde_json::to_string(document).expect("the document is plain values");
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Router::new().route(PATH, get(async move || (headers, text)))
}
