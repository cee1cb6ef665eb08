//! What refusals the OpenAPI document tells of: named once, used by every
//! handler's description.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

use super::{ProblemBody, problem::PROBLEM_JSON};

type Responses = BTreeMap<String, RefOr<Response>>;

/// What any request with a token may get: 400, 401, 403, 429, 500.
pub struct Refusals;

/// The same, and 404: what the address names is not there.
pub struct RefusalsOrMissing;

/// The same as [`Refusals`] for requests with a body: 413 and 415 as well.
pub struct RefusalsOfBody;

/// All of these.
pub struct AllRefusals;

/// What a request without a token may get: 400, 401, 413, 415, 429, 500, 503.
pub struct LoginRefusals;

/// What a request for a file may get: 200, 206, 304, 307, 416, and what a
/// request with a token may get where something may be missing, and 503.
pub struct FileAnswers;

const ALWAYS: [(u16, &str); 5] = [
    (400, "The request cannot be understood"),
    (401, "No good token was given"),
    (403, "The token is not good for this"),
    (429, "Too many requests; Retry-After says how long to wait"),
    (500, "The server failed"),
];
const LOGIN: [(u16, &str); 5] = [
    (400, "The request cannot be understood"),
    (401, "What was shown is no good"),
    (
        429,
        "Too many wrong passwords; Retry-After says how long to wait",
    ),
    (500, "The server failed"),
    (503, "Too many log in at once"),
];
const MISSING: [(u16, &str); 1] = [(404, "There is no such thing")];
const FILE: [(u16, &str); 5] = [
    (200, "The file"),
    (206, "The part of it that Range asks for"),
    (304, "It is as the browser has it"),
    (307, "The store has it, where the operator wishes that"),
    (416, "Range begins behind its end"),
];
const STORE: [(u16, &str); 1] = [(
    503,
    "The store of the videos cannot be reached; detail says why",
)];
const BODY: [(u16, &str); 2] = [
    (413, "The body is too long"),
    (415, "The body is not application/json"),
];

impl IntoResponses for Refusals {
    fn responses() -> Responses {
        refusals(&[&ALWAYS])
    }
}

impl IntoResponses for RefusalsOrMissing {
    fn responses() -> Responses {
        refusals(&[&ALWAYS, &MISSING])
    }
}

impl IntoResponses for RefusalsOfBody {
    fn responses() -> Responses {
        refusals(&[&ALWAYS, &BODY])
    }
}

impl IntoResponses for AllRefusals {
    fn responses() -> Responses {
        refusals(&[&ALWAYS, &MISSING, &BODY])
    }
}

impl IntoResponses for LoginRefusals {
    fn responses() -> Responses {
        refusals(&[&LOGIN, &BODY])
    }
}

impl IntoResponses for FileAnswers {
    fn responses() -> Responses {
        let plain = |(status, what): (u16, &str)| {
            let response = ResponseBuilder::new().description(what).build();
            (status.to_string(), response.into())
        };
        let mut all = refusals(&[&ALWAYS, &MISSING, &STORE]);
        all.extend(FILE.map(plain));
        all
    }
}

/// Problem details with each of these statuses.
pub(super) fn refusals(lists: &[&[(u16, &str)]]) -> Responses {
    let all = lists.iter().copied().flatten();
    all.map(|(status, why)| (status.to_string(), problem(why).into()))
        .collect()
}

fn problem(why: &str) -> Response {
    let schema = Ref::from_schema_name(ProblemBody::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(why)
        .content(PROBLEM_JSON, content)
        .build()
}
