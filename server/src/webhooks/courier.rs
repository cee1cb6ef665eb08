//! Brings one line's messages to their receiver and notes what came of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tracing::{debug, error, warn};

use super::{
    Answer, Attempt, EventTarget, Fate, Kind, Line, Message, Outcome, Receiver, Turn, answer, fate,
    retry::between, wait_until,
};
use crate::{
    clock::{Now, UnixMillis},
    config::Secret,
    db::Database,
    limits::WebhookLimits,
    outgoing::{Outgoing, Post, Want},
    tenant::{EventEndpoint, Tenant, Tenants},
};

/// How many messages of a line go in one turn: then others may have theirs.
const TURN: usize = 32;
/// How long after a failure of the database it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Brings messages.
pub(super) struct Courier {
    pub(super) database: Database,
    pub(super) tenants: Arc<Tenants>,
    pub(super) outgoing: Outgoing,
    pub(super) limits: WebhookLimits,
}

/// How a message was taken, and in words without secrets why.
struct Taken(Answer, String);

/// What came of a line's first message.
enum Step {
    /// There was none.
    Empty,
    /// It is done, and the next one may follow.
    Done,
    /// It is to be sent when so much time has passed.
    Wait(Duration),
}

impl Courier {
    /// Brings what is due.
    pub(super) async fn serve(&self, turn: &Turn) -> Outcome {
        let Turn { line, has_waited } = turn;
        let mut has_waited = *has_waited;
        for _ in 0..TURN {
            match self.step(line, has_waited).await {
                Ok(Step::Done) => has_waited = false,
                Ok(Step::Wait(time)) => return Outcome::Send(now() + time),
                Ok(Step::Empty) => return Outcome::Empty,
                Err(error) => {
                    error!(room = %line.room, %error, "The outbox of webhooks failed");
                    return Outcome::Look(now() + AGAIN);
                }
            }
        }
        Outcome::Look(now())
    }

    /// Brings the first message if it is due.
    async fn step(&self, line: &Line, has_waited: bool) -> Result<Step, sqlx::Error> {
        let Some(message) = self.database.next_webhook(line).await? else {
            return Ok(Step::Empty);
        };
        let wait = wait_until(message.next_at, Now::read().unix, &self.limits);
        if let Some(time) = wait.filter(|_| !has_waited) {
            return Ok(Step::Wait(time));
        }
        let Taken(answer, why) = self.bring(line, &message).await?;
        let attempt = Attempt {
            created_at: message.created_at,
            before: message.attempts,
            now: Now::read().unix,
        };
        match fate(attempt, answer, rand::random(), &self.limits) {
            Fate::Delivered => self.database.webhook_delivered(message.seq).await?,
            Fate::Again(at) => {
                debug!(room = %line.room, kind = %message.kind, %why, "Webhook has to be sent again");
                let reason = why.as_str();
                self.database
                    .webhook_failed(message.seq, at, reason)
                    .await?;
                return Ok(Step::Wait(between(attempt.now, at)));
            }
            Fate::Dead => {
                let (id, attempts) = (message.id.as_str(), message.attempts + 1);
                warn!(room = %line.room, kind = %message.kind, id, attempts, %why, "Webhook given up");
                let reason = why.as_str();
                self.database
                    .webhook_dead(message.seq, attempt.now, reason)
                    .await?;
            }
        }
        Ok(Step::Done)
    }

    async fn bring(&self, line: &Line, message: &Message) -> Result<Taken, sqlx::Error> {
        let Some(tenant) = self.tenants.by_name(line.room.tenant.as_str()) else {
            return Ok(gone("the tenant is not in the settings any more"));
        };
        let Some(endpoint) = self.endpoint(tenant, line, message).await? else {
            return Ok(gone("nobody gave an address for it any more"));
        };
        let now = Now::read().unix;
        let post = Post {
            url: &endpoint.url,
            authorization: endpoint.authorization.as_ref().map(Secret::expose),
            headers: &headers(&endpoint, message, now),
            json: message.body.clone().into_bytes(),
            private_targets: tenant.allow_private_targets,
            want: Want::Status,
        };
        Ok(match self.outgoing.post(post).await {
            Ok(reply) => Taken(
                answer(reply.status, reply.retry_after.as_deref(), Now::read().unix),
                format!("status {}", reply.status.as_u16()),
            ),
            Err(error) => Taken(Answer::NotNow(None), error.to_string()),
        })
    }

    /// Where a message goes right now. Whoever subscribed gets everything at
    /// their one URL; others get each kind below theirs.
    async fn endpoint(
        &self,
        tenant: &Tenant,
        line: &Line,
        message: &Message,
    ) -> Result<Option<EventEndpoint>, sqlx::Error> {
        if let Receiver::Subscription(id) = &line.receiver {
            let found = self.database.subscription(&tenant.id, id).await?;
            return Ok(found.map(|subscription| EventEndpoint {
                secret: subscription.key().ok(),
                url: subscription.url,
                authorization: None,
            }));
        }
        let target = EventTarget {
            receiver: line.receiver.clone(),
            authorization: message.authorization.clone(),
        };
        Ok(target
            .endpoint(tenant)
            .map(|endpoint| below(endpoint, message.kind)))
    }
}

fn below(mut endpoint: EventEndpoint, kind: Kind) -> EventEndpoint {
    if let Ok(mut path) = endpoint.url.path_segments_mut() {
        path.pop_if_empty().push(kind.name());
    }
    endpoint
}

/// By the clock that nobody can set.
fn now() -> Instant {
    Now::read().instant
}

fn gone(why: &str) -> Taken {
    Taken(Answer::Gone, why.to_owned())
}

/// The headers of the Standard Webhooks scheme; unsigned without a secret.
fn headers(
    endpoint: &EventEndpoint,
    message: &Message,
    now: UnixMillis,
) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("webhook-id", message.id.as_str().to_owned()),
        ("webhook-timestamp", now.seconds().to_string()),
    ];
    let key = endpoint.secret.as_ref();
    let signature = key.map(|key| key.sign(&message.id, now, &message.body));
    headers.extend(signature.map(|signature| ("webhook-signature", signature)));
    headers
}
