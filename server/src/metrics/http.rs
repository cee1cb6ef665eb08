//! Counts HTTP requests by route and status.
//!
//! Never by path: it may hold a room, a name or a token.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::Live;

/// Bounds of the times, in seconds: a page takes some milliseconds, a question
/// to an integrator up to ten seconds.
const SECONDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0];

/// What no route was made for: files, and pages that do not exist.
const OTHER: &str = "other";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    route: String,
}

/// The counters.
#[derive(Debug, Clone)]
pub(super) struct Requests {
    answers: Family<Answer, Counter>,
    times: Family<ByRoute, Histogram, fn() -> Histogram>,
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let requests = Self {
            answers: Family::default(),
            times: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        };
        registry.register(
            "meetframe_http_requests",
            "HTTP requests answered, by route and status",
            requests.answers.clone(),
        );
        registry.register_with_unit(
            "meetframe_http_answer",
            "Time until an answer began, by route",
            Unit::Seconds,
            requests.times.clone(),
        );
        requests
    }

    fn note(&self, answer: &Answer, began: Instant) {
        let route = ByRoute {
            route: answer.route.clone(),
        };
        let times = self.times.get_or_create(&route);
        times.observe(began.elapsed().as_secs_f64());
        self.answers.get_or_create(answer).inc();
    }
}

/// A layer around all routes.
pub(crate) async fn count(State(live): State<Live>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or(OTHER, |path| without_rest(path.as_str()));
    let route = route.to_owned();
    let method = known(request.method());
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let answer = Answer {
        method,
        route,
        status,
    };
    live.requests.note(&answer, began);
    response
}

/// A route that takes any rest, without what the router calls the rest.
fn without_rest(route: &str) -> &str {
    let start = route.split_once("/{*").map_or(route, |(start, _)| start);
    if start.is_empty() { "/" } else { start }
}

/// Methods are the client's words: any other is one.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => OTHER,
    }
}
