//! Static files and how long browsers may keep them.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{HeaderValue, Request, Response, StatusCode, header},
};
use tower::{Service, ServiceBuilder};
use tower_http::services::{ServeDir, fs::ServeFileSystemResponseBody};

use crate::site::Site;

/// For files whose names change with their content.
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For all else: the browser asks each time whether it has changed.
pub(crate) const ASK: &str = "no-cache";

/// The files of the build's own folder, already compressed.
pub(crate) fn pkg(
    site: &Site,
) -> impl Service<
    Request<Body>,
    Response = Response<ServeFileSystemResponseBody>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send
+ Sync
+ 'static {
    let lasting = if site.options.hash_files {
        FOR_EVER
    } else {
        ASK
    };
    ServiceBuilder::new()
        .map_response(move |response| readable(cached(response, lasting)))
        .service(files(&site.pkg))
}

/// A file of `public/`, else what `missing` says.
pub(crate) fn public<F>(site: &Site, missing: F) -> ServeDir<F> {
    files(&site.root).fallback(missing)
}

fn files(folder: &std::path::Path) -> ServeDir {
    ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
}

/// Whom scripts and words may be read by: they are the same for all, and our
/// own page in a sandbox has no origin that could be named.
pub(crate) const READERS: HeaderValue = HeaderValue::from_static("*");

fn readable<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, READERS);
    response
}

/// Says how long an answer keeps. An error never lasts: a file that is missing
/// now may be there after the next deployment. `ServeDir` chooses by
/// `Accept-Encoding` but does not say so, which would mislead caches.
pub(crate) fn cached<B>(mut response: Response<B>, lasting: &'static str) -> Response<B> {
    let good = matches!(
        response.status(),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED
    );
    let value = if good { lasting } else { ASK };
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(value));
    // a page has said already that it depends on the language
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}
