//! `/api/v1/webhooks`: who is told of what, and what could not be told.

use std::sync::Arc;

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AllRefusals, Caller, Code, Host, Problem, Refusals, RefusalsOrMissing,
    extract::{self, Path, Query},
    once::{KeyHeader, Repeats, ShownOnce},
};
use crate::{
    accounts::Scope,
    config::target_url,
    db::DeadLetter,
    router::AppState,
    tenant::{Tenant, Tenants},
    token::Moment,
    webhooks::{
        EventKind, MessageId, Outbox, Receiver, SUBSCRIPTIONS_MAX, Subscription, SubscriptionId,
    },
};

/// How many dead letters are listed unless fewer are asked for.
const PAGE_MAX: u32 = 100;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(delete))
        .routes(routes!(dead))
        .routes(routes!(replay_all))
        .routes(routes!(replay))
}

/// Who is to be told of what.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewWebhook {
    /// Where messages go: https, without user name and password.
    #[schema(example = "https://lms.example/meetframe", max_length = 2048)]
    url: String,
    /// What they tell.
    #[schema(min_items = 1)]
    events: Vec<EventKind>,
}

/// Somebody who is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    /// Its id.
    #[schema(example = "sub_0123456789abcdef0123456789abcdef")]
    id: String,
    /// Where messages go.
    #[schema(example = "https://lms.example/meetframe")]
    url: String,
    /// What they tell.
    events: Vec<EventKind>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
}

/// Somebody who is told from now on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    /// What messages are signed with (Standard Webhooks). Shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

/// All who are told.
#[derive(Serialize, ToSchema)]
struct Webhooks {
    data: Vec<Webhook>,
}

impl From<&Subscription> for Webhook {
    fn from(subscription: &Subscription) -> Self {
        Self {
            id: subscription.id.as_str().to_owned(),
            url: subscription.url.to_string(),
            events: subscription.events.clone(),
            created_at: Moment(subscription.created_at),
        }
    }
}

/// Webhooks
///
/// All that were made by this API, oldest first, without their secrets. Those
/// of the settings and of tokens are not among them. Needs `webhooks:read`.
#[utoipa::path(
    operation_id = "list_webhooks",
    get,
    path = "/api/v1/webhooks",
    tag = "Webhooks",
    responses((status = 200, description = "The webhooks", body = Webhooks), Refusals),
)]
async fn list(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(outbox): State<Outbox>,
) -> Result<Json<Webhooks>, Problem> {
    let tenant = tenant(&caller, Scope::WebhooksRead, &host, &tenants)?;
    let all = outbox.subscriptions(&tenant.id).await?;
    let data = all.iter().map(Webhook::from).collect();
    Ok(Json(Webhooks { data }))
}

/// Make a webhook
///
/// From now on what happens in all rooms of the tenant is told to this URL, as
/// far as it is among `events`: see `docs/WEBHOOKS.md`. The secret is shown this
/// once: the same request with the same key is 409 (`shown_once`). A tenant has at
/// most 32; 409 for one more. Needs `webhooks:write`.
#[utoipa::path(
    operation_id = "create_webhook",
    post,
    path = "/api/v1/webhooks",
    tag = "Webhooks",
    params(KeyHeader),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "The webhook and its secret", body = MadeWebhook),
        AllRefusals,
        Repeats
    ),
)]
async fn create(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(outbox): State<Outbox>,
    extract::Json(new): extract::Json<NewWebhook>,
) -> Result<(StatusCode, Extension<ShownOnce>, Json<MadeWebhook>), Problem> {
    let tenant = tenant(&caller, Scope::WebhooksWrite, &host, &tenants)?;
    let bad = |why: &str| Problem::new(Code::BadRequest, why);
    let url = target_url(&new.url, tenant.allow_private_targets).map_err(bad)?;
    if new.events.is_empty() {
        return Err(bad("events is empty"));
    }
    let made = outbox.subscribe(&tenant.id, url, new.events).await?;
    let made = made.ok_or_else(|| {
        let why = format!("There are {SUBSCRIPTIONS_MAX} webhooks already");
        Problem::new(Code::Conflict, why)
    })?;
    let body = MadeWebhook {
        webhook: Webhook::from(&made),
        secret: made.secret.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, Extension(ShownOnce), Json(body)))
}

/// End a webhook
///
/// Nothing more is sent, not even what waits. Needs `webhooks:write`.
#[utoipa::path(
    operation_id = "delete_webhook",
    delete,
    path = "/api/v1/webhooks/{id}",
    tag = "Webhooks",
    params(("id" = String, Path, description = "The webhook's id"), KeyHeader),
    responses((status = 204, description = "It is gone"), RefusalsOrMissing, Repeats),
)]
async fn delete(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(outbox): State<Outbox>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let tenant = tenant(&caller, Scope::WebhooksWrite, &host, &tenants)?;
    let gone = match SubscriptionId::parse(&id) {
        Some(id) => outbox.unsubscribe(&tenant.id, &id).await?,
        None => false,
    };
    match gone {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::new(Code::NotFound, "There is no such webhook")),
    }
}

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// `next` of the page before.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 100)]
    limit: Option<u32>,
}

/// A message that could not be delivered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Dead {
    /// Its id, the same as in `webhook-id`.
    #[schema(example = "msg_0123456789abcdef0123456789abcdef")]
    id: String,
    /// The room that it tells of.
    room_id: String,
    /// What it tells: `joinPeer`, `closePeer` or an event.
    kind: String,
    /// Where it should have gone, without a query: `event_url` is that of the
    /// settings; a webhook is named by its id.
    receiver: String,
    /// The body, as it was sent.
    #[schema(value_type = Object)]
    body: serde_json::Value,
    /// How often it was sent in vain.
    attempts: i64,
    /// Why, as of the last time.
    reason: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    /// When it was given up.
    #[schema(value_type = String, format = DateTime)]
    died_at: Moment,
}

/// A page of dead letters.
#[derive(Serialize, ToSchema)]
struct DeadPage {
    data: Vec<Dead>,
    /// What `after` is for the next page; null on the last one.
    #[schema(required)]
    next: Option<i64>,
}

/// How many messages wait again.
#[derive(Serialize, ToSchema)]
struct Replayed {
    replayed: u64,
}

impl From<DeadLetter> for Dead {
    fn from(letter: DeadLetter) -> Self {
        Self {
            receiver: shown(&letter.receiver),
            id: letter.id,
            room_id: letter.room.room.as_str().to_owned(),
            kind: letter.kind,
            // it was written by this server
            body: serde_json::from_str(&letter.body).unwrap_or_default(),
            attempts: letter.attempts,
            reason: letter.reason,
            created_at: Moment(letter.created_at),
            died_at: Moment(letter.died_at),
        }
    }
}

/// A query may hold a key.
fn shown(receiver: &Receiver) -> String {
    match receiver {
        Receiver::Tenant => "event_url".to_owned(),
        Receiver::Subscription(id) => id.as_str().to_owned(),
        Receiver::Url(url) => {
            let mut url = url.clone();
            url.set_query(None);
            url.set_fragment(None);
            url.to_string()
        }
    }
}

/// Dead letters
///
/// Messages of any kind that were given up within the last 7 days, oldest
/// first, page by page. Needs `webhooks:read`.
#[utoipa::path(
    operation_id = "list_dead_webhooks",
    get,
    path = "/api/v1/webhooks/dead",
    tag = "Webhooks",
    params(Part),
    responses((status = 200, description = "A page of them", body = DeadPage), Refusals),
)]
async fn dead(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(outbox): State<Outbox>,
    Query(part): Query<Part>,
) -> Result<Json<DeadPage>, Problem> {
    let tenant = tenant(&caller, Scope::WebhooksRead, &host, &tenants)?;
    let limit = part.limit.unwrap_or(PAGE_MAX);
    if !(1..=PAGE_MAX).contains(&limit) {
        let why = format!("limit is not from 1 to {PAGE_MAX}");
        return Err(Problem::new(Code::BadRequest, why));
    }
    let after = part.after.unwrap_or(0);
    if after < 0 {
        return Err(Problem::new(Code::BadRequest, "after is negative"));
    }
    let letters = outbox.dead(&tenant.id, after, limit.into()).await?;
    let is_full = u32::try_from(letters.len()).is_ok_and(|count| count == limit);
    let next = letters.last().map(|letter| letter.seq).filter(|_| is_full);
    let data = letters.into_iter().map(Dead::from).collect();
    Ok(Json(DeadPage { data, next }))
}

/// Send all dead letters again
///
/// Each has its old id and another 24 hours. Needs `webhooks:write`.
#[utoipa::path(
    operation_id = "replay_all_webhooks",
    post,
    path = "/api/v1/webhooks/dead/replay",
    tag = "Webhooks",
    params(KeyHeader),
    responses((status = 200, description = "How many", body = Replayed), Refusals, Repeats),
)]
async fn replay_all(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(outbox): State<Outbox>,
) -> Result<Json<Replayed>, Problem> {
    let tenant = tenant(&caller, Scope::WebhooksWrite, &host, &tenants)?;
    let replayed = outbox.replay(&tenant.id, None).await?;
    Ok(Json(Replayed { replayed }))
}

/// Send a dead letter again
///
/// It has its old id and another 24 hours. An end (`closePeer`,
/// `participant.left`) takes along what was given up of the same participant
/// before it, in order. Needs `webhooks:write`.
#[utoipa::path(
    operation_id = "replay_webhook",
    post,
    path = "/api/v1/webhooks/dead/{id}/replay",
    tag = "Webhooks",
    params(("id" = String, Path, description = "The message's id"), KeyHeader),
    responses(
        (status = 200, description = "How many wait again", body = Replayed),
        RefusalsOrMissing,
        Repeats
    ),
)]
async fn replay(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(outbox): State<Outbox>,
    Path(id): Path<String>,
) -> Result<Json<Replayed>, Problem> {
    let tenant = tenant(&caller, Scope::WebhooksWrite, &host, &tenants)?;
    let replayed = match MessageId::parse(&id) {
        Some(id) => outbox.replay(&tenant.id, Some(&id)).await?,
        None => 0,
    };
    match replayed {
        0 => Err(Problem::new(Code::NotFound, "There is no such dead letter")),
        replayed => Ok(Json(Replayed { replayed })),
    }
}

fn tenant(
    caller: &Caller,
    scope: Scope,
    host: &Host,
    tenants: &Tenants,
) -> Result<Arc<Tenant>, Problem> {
    caller.needs(scope)?;
    caller.tenant_of(tenants, host)
}
