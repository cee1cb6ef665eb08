//! The files of videos, wherever they are kept: whole or in parts (RFC 9110
//! §14), through this server or by a signed address of the store.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures::TryStreamExt;
use http_range_header::{EndPosition, StartPosition, parse_range_header};
use object_store::{GetOptions, GetRange, GetResult};
use tracing::warn;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Caller, Code, FileAnswers, Problem,
    extract::Path,
    videos::{self, seen},
};
use crate::{
    db::StoredVideo,
    recording::{Store, Trouble, VideoFile},
    router::AppState,
};

/// How long browsers keep the files of a video: they never change.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=3600");
/// When to ask again while the store gives trouble.
const AGAIN: Duration = Duration::from_secs(5);

/// For callers with a token.
pub(super) fn with_token() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(file))
}

/// For whoever has a signed address.
pub(super) fn granted() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(granted_file))
}

/// Get a file of a video
///
/// `video.mp4`, `poster.jpg`, `hls/master.m3u8` and what that names. Takes
/// Range. As often as other requests with a token, not as seldom as those about
/// videos. Needs the scope `recordings:read`.
#[utoipa::path(
    get,
    path = "/streaming/videos/{id}/{*file}",
    tag = "Videos",
    params(
        ("id" = String, Path, description = "The video"),
        ("file" = String, Path, description = "The file"),
    ),
    responses(FileAnswers),
)]
async fn file(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (request, _) = request.into_parts();
    let stored = seen(&state, &caller, &id).await?;
    serve(&state, &stored, &name, &request).await
}

/// Get a file of a video by a signed address
///
/// These addresses are given with the video. Takes Range. No limit of requests.
#[utoipa::path(
    get,
    path = "/streaming/media/{grant}/{id}/{*file}",
    tag = "Videos",
    params(
        ("grant" = String, Path, description = "The signature"),
        ("id" = String, Path, description = "The video"),
        ("file" = String, Path, description = "The file"),
    ),
    responses(FileAnswers),
    security(()),
)]
async fn granted_file(
    State(state): State<AppState>,
    Path((grant, id, name)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (request, _) = request.into_parts();
    let stored = videos::granted(&state, &grant, &id).await?;
    serve(&state, &stored, &name, &request).await
}

/// Sends a file, or the part of it that is asked for.
async fn serve(
    state: &AppState,
    stored: &StoredVideo,
    name: &str,
    request: &Parts,
) -> Result<Response, Problem> {
    let store = state.signaling.recordings.media().store();
    if stored.state != "ready" {
        return Err(missing());
    }
    let found = store.file(stored, name).map_err(|why| refused(&why))?;
    let file = found.ok_or_else(missing)?;
    let answer = match store.signed(&file).await {
        Ok(Some(address)) => Ok(elsewhere(&address)),
        Ok(None) => answer(store, &file, stored, request).await,
        Err(trouble) => Err(trouble),
    };
    let mut response = answer.map_err(|trouble| refused(&trouble))?;
    let headers = response.headers_mut();
    // players on other pages
    let all = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, all);
    if name == "video.mp4"
        && let Ok(value) = HeaderValue::from_str(&attachment(stored))
    {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

fn missing() -> Problem {
    Problem::new(Code::NotFound, "There is no such file")
}

/// What a store that gives trouble means for who wants a video.
pub(super) fn refused(trouble: &Trouble) -> Problem {
    if trouble.is_missing() {
        return missing();
    }
    warn!(%trouble, "A video cannot be got from its store");
    let why = format!("The video's store gives trouble: {}", trouble.name());
    Problem::new(Code::Unavailable, why).retry_after(AGAIN)
}

/// The browser is to ask the store.
fn elsewhere(address: &str) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    let headers = response.headers_mut();
    // the library writes addresses in ASCII
    if let Ok(address) = HeaderValue::from_str(address) {
        headers.insert(header::LOCATION, address);
    }
    let never = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, never);
    response
}

async fn answer(
    store: &Store,
    file: &VideoFile,
    stored: &StoredVideo,
    request: &Parts,
) -> Result<Response, Trouble> {
    let tag = format!("\"{}\"", stored.id);
    let headers = &request.headers;
    let mut response = if names(headers, header::IF_NONE_MATCH, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let asked = match request.method {
            Method::HEAD => file.size().await.map(whole),
            _ => get(file, range(headers, &tag)).await,
        };
        if file.is_remote() {
            store.note(match &asked {
                Err(trouble) if !trouble.is_missing() => Err(trouble),
                _ => Ok(()),
            });
        }
        asked?
    };
    let kind = HeaderValue::from_static(file.kind);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, KEEP);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The head of a whole file.
fn whole(size: u64) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    response
}

async fn get(file: &VideoFile, range: Option<GetRange>) -> Result<Response, Trouble> {
    let options = GetOptions {
        range: range.clone(),
        ..GetOptions::default()
    };
    let trouble = match file.get(options).await {
        Ok(got) => return Ok(sent(got, range.is_some())),
        Err(trouble) => trouble,
    };
    // stores refuse what is behind the end in ways of their own
    let Some(range) = range else {
        return Err(trouble);
    };
    let size = file.size().await?;
    match is_behind(&range, size) {
        true => Ok(unsatisfiable(size)),
        false => Err(trouble),
    }
}

/// Passes on what the store sends as fast as the browser takes it.
fn sent(got: GetResult, partial: bool) -> Response {
    let (range, size) = (got.range.clone(), got.meta.size);
    let stream = got
        .into_stream()
        .inspect_err(|error| warn!(error = %Trouble::of(error), "A video broke off"));
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    let length = HeaderValue::from(range.end.saturating_sub(range.start));
    headers.insert(header::CONTENT_LENGTH, length);
    if partial {
        let last = range.end.saturating_sub(1);
        let part = format!("bytes {}-{last}/{size}", range.start);
        if let Ok(part) = HeaderValue::from_str(&part) {
            headers.insert(header::CONTENT_RANGE, part);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

fn is_behind(range: &GetRange, size: u64) -> bool {
    match range {
        GetRange::Bounded(range) => range.start >= size,
        GetRange::Offset(start) => *start >= size,
        GetRange::Suffix(length) => *length == 0 || size == 0,
    }
}

fn unsatisfiable(size: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    if let Ok(all) = HeaderValue::from_str(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, all);
    }
    response
}

/// The part that is asked for. Several parts, and what is no range, count for
/// nothing, as does a range of another file (`If-Range`).
fn range(headers: &HeaderMap, tag: &str) -> Option<GetRange> {
    if headers.contains_key(header::IF_RANGE) && !names(headers, header::IF_RANGE, tag) {
        return None;
    }
    let text = headers.get(header::RANGE)?.to_str().ok()?;
    let asked = parse_range_header(text).ok()?;
    let [one] = asked.ranges[..] else {
        return None;
    };
    match (one.start, one.end) {
        (StartPosition::Index(start), EndPosition::Index(end)) if start <= end => {
            Some(GetRange::Bounded(start..end.saturating_add(1)))
        }
        (StartPosition::Index(start), EndPosition::LastByte) => Some(GetRange::Offset(start)),
        (StartPosition::FromLast(length), _) => Some(GetRange::Suffix(length)),
        _ => None,
    }
}

/// Whether a header names this version of a file.
fn names(headers: &HeaderMap, header: header::HeaderName, tag: &str) -> bool {
    let value = headers.get(header).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| {
        let mut tags = value.split(',').map(str::trim);
        tags.any(|one| one == "*" || one.trim_start_matches("W/") == tag)
    })
}

/// The name of the file on the disk of who downloads it.
fn attachment(stored: &StoredVideo) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = stored.name.chars().map(plain).collect();
    format!("inline; filename=\"{name}.mp4\"")
}
