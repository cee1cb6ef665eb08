//! Reads bodies, paths and queries; what cannot be read is a [`Problem`].

use axum::{
    extract::{
        FromRequest, FromRequestParts, OptionalFromRequest, Request,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{Code, Problem};

/// A body of JSON.
pub struct Json<T>(pub T);

/// What stands in the path.
pub struct Path<T>(pub T);

/// What stands in the query.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = <axum::Json<T> as FromRequest<S>>::from_request(request, state).await;
        read.map(|axum::Json(body)| Self(body)).map_err(Into::into)
    }
}

/// No body at all is none; a body of another kind is refused.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let read = <axum::Json<T> as OptionalFromRequest<S>>::from_request(request, state).await;
        let read = read.map_err(Problem::from)?;
        Ok(read.map(|axum::Json(body)| Self(body)))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(path)| Self(path))
            .map_err(|bad: PathRejection| bad_request(&bad.body_text()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(query)| Self(query))
            .map_err(|bad: QueryRejection| bad_request(&bad.body_text()))
    }
}

impl From<JsonRejection> for Problem {
    fn from(bad: JsonRejection) -> Self {
        let code = match bad.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
            // 422 of axum is 400 of the reference product
            _ => Code::BadRequest,
        };
        Self::new(code, bad.body_text())
    }
}

fn bad_request(why: &str) -> Problem {
    Problem::new(Code::BadRequest, why)
}
