//! How many requests a token may make: the groups of routes and their layer.
//!
//! A group's rate holds for every second, wherever it begins. The headers are
//! those of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` says what
//! holds, `RateLimit` what is left.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use utoipa_axum::router::OpenApiRouter;

use super::{CallerKey, Code, Problem, caller::identify, videos};
use crate::{
    clock::Now,
    config::ApiConfig,
    router::AppState,
    window::{Limited, Taken, Window, WindowLimits},
};

const SPAN: Duration = Duration::from_secs(1);
/// How many callers are remembered in a group. They all have good tokens.
const CALLERS: usize = 10_000;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// Routes that share a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Statistics and videos: four requests a second for each token.
    Statistics,
    /// Everything else that needs a token. So do the files of videos: a player
    /// asks for more than four of them a second while it fills its buffer, and
    /// takes 429 for the end.
    General,
}

/// What callers did in the last second. Clones share it.
#[derive(Clone)]
pub struct ApiLimits(Arc<[Bucket; 2]>);

struct Bucket {
    name: &'static str,
    rate: u32,
    window: Mutex<Window<CallerKey>>,
}

impl ApiLimits {
    /// With the rates of the settings.
    #[must_use]
    pub fn new(config: &ApiConfig) -> Self {
        Self(Arc::new([
            Bucket::new("statistics", config.statistics_per_second),
            Bucket::new("general", config.requests_per_second),
        ]))
    }

    fn of(&self, group: Group) -> &Bucket {
        let [statistics, general] = &*self.0;
        match group {
            Group::Statistics => statistics,
            Group::General => general,
        }
    }
}

impl Bucket {
    fn new(name: &'static str, rate: u32) -> Self {
        let most = usize::try_from(rate).unwrap_or(usize::MAX);
        Self {
            name,
            rate,
            window: Mutex::new(Window::new(WindowLimits {
                most,
                per: SPAN,
                keys: CALLERS,
            })),
        }
    }

    fn take(&self, caller: &CallerKey, now: Instant) -> Result<Taken, Limited> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.take(caller, now)
    }

    /// Says in the headers of an answer what holds and what is left.
    fn tell(&self, response: &mut Response, taken: Result<Taken, Limited>) {
        let (left, wait) = match taken {
            Ok(taken) => (taken.left, taken.full_in),
            Err(Limited(wait)) => (0, wait),
        };
        let (name, rate, window) = (self.name, self.rate, SPAN.as_secs());
        let wait = wait.as_millis().div_ceil(1_000).max(1);
        let texts = [
            (POLICY, format!("\"{name}\";q={rate};w={window}")),
            (LEFT, format!("\"{name}\";r={left};t={wait}")),
        ];
        for (header, text) in texts {
            let value = HeaderValue::try_from(text).expect("letters, digits and punctuation");
            response.headers_mut().insert(header, value);
        }
    }

    fn refuse(&self, wait: Duration) -> Response {
        let why = format!("A token may make {} such requests a second", self.rate);
        Problem::new(Code::RateLimited, why)
            .retry_after(wait)
            .into_response()
    }
}

/// Puts routes under the limit of a group, and behind a good token.
pub(super) fn limited(
    routes: OpenApiRouter<AppState>,
    group: Group,
    state: &AppState,
) -> OpenApiRouter<AppState> {
    // axum minds a layer for no routes at all
    if routes.get_openapi().paths.paths.is_empty() {
        return routes;
    }
    routes.route_layer(from_fn_with_state((state.clone(), group), check))
}

/// The same for routes that callers with a token share with whoever has the grant
/// of an address: those need no token and have no limit.
pub(super) fn unless_granted(
    routes: OpenApiRouter<AppState>,
    group: Group,
    state: &AppState,
) -> OpenApiRouter<AppState> {
    let state = (state.clone(), group);
    routes.route_layer(from_fn_with_state(state, check_unless_granted))
}

async fn check_unless_granted(
    limits: State<(AppState, Group)>,
    request: Request,
    next: Next,
) -> Response {
    match videos::has_grant(request.uri()) {
        true => next.run(request).await,
        false => check(limits, request, next).await,
    }
}

async fn check(
    State((state, group)): State<(AppState, Group)>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match identify(&state.accounts, request.headers()).await {
        Ok(caller) => caller,
        Err(refused) => return refused.into_response(),
    };
    let bucket = state.api_limits.of(group);
    let taken = bucket.take(&caller.key, Now::read().instant);
    let mut response = match taken {
        Ok(_) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(Limited(wait)) => bucket.refuse(wait),
    };
    bucket.tell(&mut response, taken);
    response
}
