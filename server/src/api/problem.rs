//! How the REST API refuses: problem details (RFC 9457) that carry the form of
//! the reference product, `errors`, besides.

use std::{fmt::Display, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

use super::Code;

/// The media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A refused request.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: Code,
    detail: String,
    retry_after: Option<Duration>,
}

/// What a refusal looks like: problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Problem")]
pub struct ProblemBody {
    /// Where the code is explained, below this server.
    #[schema(example = "/api/errors#room_not_found")]
    r#type: String,
    /// What the code means, for people.
    #[schema(example = "There is no such room")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request, for people.
    #[schema(example = "There is no room \"lesson\"")]
    detail: String,
    /// What is wrong, for programs.
    #[schema(example = "room_not_found")]
    code: &'static str,
    /// The same as `detail`, where the reference product has it.
    errors: [String; 1],
}

impl Problem {
    /// A refusal with the usual status of its code. `detail` is for people and
    /// holds no secrets.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            status: code.meaning().status,
            code,
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// The same with another status, where the reference product has another.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with the header Retry-After, rounded up to seconds.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let retry_after = Some(wait);
        Self {
            retry_after,
            ..self
        }
    }

    /// The server failed. Why is logged here and told to nobody.
    #[must_use]
    pub fn internal(failure: &dyn Display) -> Self {
        error!(error = %failure, "Request to the API failed");
        Self::new(Code::Internal, "The server failed")
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    fn body(&self) -> ProblemBody {
        let meaning = self.code.meaning();
        ProblemBody {
            r#type: format!("/api/errors#{}", meaning.name),
            title: meaning.title,
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: meaning.name,
            errors: [self.detail.clone()],
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(failure: sqlx::Error) -> Self {
        Self::internal(&failure)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static(PROBLEM_JSON);
        headers.insert(header::CONTENT_TYPE, kind);
        if self.status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, how);
        }
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_millis().div_ceil(1_000).max(1);
            let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
