//! Who is told of what somebody does, as rooms and the outbox keep it.
//!
//! What the tenant's settings say is looked up when it is needed: so their
//! secrets are not stored, and a corrected setting counts for what waits, too.

use std::fmt;

use url::Url;

use super::SubscriptionId;
use crate::{
    config::Secret,
    tenant::{EventEndpoint, Tenant},
};

/// Who is told of what somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTarget {
    /// Who.
    pub receiver: Receiver,
    /// `authEvent`: the value of the Authorization header, when an address or
    /// a token gives one.
    pub authorization: Option<Secret>,
}

/// Who gets messages.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Receiver {
    /// The tenant's own `event_url`.
    Tenant,
    /// `apiEvent`, which a token or an address named.
    Url(Url),
    /// Who subscribed over REST.
    Subscription(SubscriptionId),
}

impl fmt::Debug for Receiver {
    /// Without what may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant => f.write_str("Tenant"),
            Self::Url(url) => write!(f, "Url({}/…)", url.origin().ascii_serialization()),
            Self::Subscription(id) => write!(f, "Subscription({})", id.as_str()),
        }
    }
}

impl Receiver {
    /// The receiver as the database keeps it.
    #[must_use]
    pub fn to_sql(&self) -> &str {
        match self {
            Self::Tenant => "",
            Self::Url(url) => url.as_str(),
            Self::Subscription(id) => id.as_str(),
        }
    }

    /// The receiver from the database.
    ///
    /// # Errors
    /// When it is no URL.
    pub fn from_sql(text: &str) -> Result<Self, url::ParseError> {
        match text {
            "" => Ok(Self::Tenant),
            text => match SubscriptionId::parse(text) {
                Some(id) => Ok(Self::Subscription(id)),
                None => Ok(Self::Url(Url::parse(text)?)),
            },
        }
    }
}

impl EventTarget {
    /// Where messages go right now. Nowhere, when the tenant has taken its
    /// address out of the settings; where a subscription's go stands in the
    /// database. Only messages to that one are signed, and
    /// the tenant's own authorization goes to no other.
    #[must_use]
    pub fn endpoint(&self, tenant: &Tenant) -> Option<EventEndpoint> {
        let given = self.authorization.clone();
        match &self.receiver {
            Receiver::Url(url) => Some(EventEndpoint {
                url: url.clone(),
                authorization: given,
                secret: None,
            }),
            Receiver::Subscription(_) => None,
            Receiver::Tenant => {
                let own = tenant.events.clone()?;
                Some(EventEndpoint {
                    authorization: given.or(own.authorization),
                    ..own
                })
            }
        }
    }
}
