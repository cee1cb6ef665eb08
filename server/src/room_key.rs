//! Which room of which tenant: what rooms are known by inside the server.

use std::{fmt, sync::Arc};

use protocol::{InvalidId, RoomId};
use serde::{Deserialize, Serialize};

/// A tenant's name: the `hostname` of its settings, `*` for the default one.
/// Has no slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(Arc<str>);

impl TenantId {
    /// The default tenant.
    #[must_use]
    pub fn default_tenant() -> Self {
        Self::new("*")
    }

    /// A tenant by its checked `hostname`.
    #[must_use]
    pub fn new(hostname: &str) -> Self {
        Self(hostname.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A room of a tenant. As text: `tenant/room`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomKey {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub room: RoomId,
}

impl RoomKey {
    /// A room of a tenant.
    #[must_use]
    pub fn new(tenant: TenantId, room: RoomId) -> Self {
        Self { tenant, room }
    }
}

impl fmt::Display for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant.as_str(), self.room)
    }
}

impl From<RoomKey> for String {
    fn from(key: RoomKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for RoomKey {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let (tenant, room) = text.split_once('/').ok_or(InvalidId::Empty)?;
        Ok(Self::new(TenantId::new(tenant), RoomId::parse(room)?))
    }
}
