//! Subscriptions: who asked over REST to hear of events, and where.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::Url;

use super::{BadSecret, EventKind, SigningKey};
use crate::{clock::UnixMillis, config::Secret};

/// What every id of a subscription begins with. No URL does.
const PREFIX: &str = "sub_";

/// The id of a subscription: `sub_…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionId(String);

impl SubscriptionId {
    /// A new id.
    #[must_use]
    pub fn random() -> Self {
        Self(format!("{PREFIX}{:032x}", rand::random::<u128>()))
    }

    /// The id that a text is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let good = rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who asked to hear of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Where messages go, as they are.
    pub url: Url,
    /// What they tell.
    pub events: Vec<EventKind>,
    /// What they are signed with.
    pub secret: Secret,
    /// When it was made.
    pub created_at: UnixMillis,
}

impl Subscription {
    /// A subscription with an id and a secret of its own.
    #[must_use]
    pub fn new(url: Url, mut events: Vec<EventKind>, now: UnixMillis) -> Self {
        events.sort_unstable();
        events.dedup();
        let secret: [u8; 32] = rand::random();
        Self {
            id: SubscriptionId::random(),
            url,
            events,
            secret: Secret::new(format!("whsec_{}", STANDARD.encode(secret))),
            created_at: now,
        }
    }

    /// The key of its secret.
    ///
    /// # Errors
    /// When the secret is none.
    pub fn key(&self) -> Result<SigningKey, BadSecret> {
        SigningKey::parse(self.secret.expose())
    }
}
