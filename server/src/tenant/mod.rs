//! Tenants: who embeds this server, and what holds for their rooms.
//!
//! Owns which tenant a request belongs to. Their settings are read and checked
//! by `config`; tokens are checked by `token`.

pub(crate) mod host;

use std::{collections::HashMap, sync::Arc, time::Duration};

use protocol::Brand;
use url::Url;

use crate::{
    config::{Config, Secret, TenantSettings, target_url},
    room_key::TenantId,
    token::{BadKey, KeyRing, Minter},
    webhooks::{BadSecret, EventKind, SigningKey},
};

/// One tenant.
#[derive(Debug)]
pub struct Tenant {
    /// Its name.
    pub id: TenantId,
    /// Names that this server has for certain, whatever a Host header says.
    pub own_hosts: Vec<String>,
    /// Nobody enters without a token.
    pub require_token: bool,
    /// Who may embed the pages; `*` is everybody.
    pub embed_origins: Vec<String>,
    /// Whether the debug attributes count in an address.
    pub debug_attributes: bool,
    /// Whether outgoing requests may go to loopback and private addresses, and
    /// by plain http.
    pub allow_private_targets: bool,
    /// Who is asked whether somebody may enter.
    pub access: Option<Endpoint>,
    /// Who is told of what happens in rooms.
    pub events: Option<EventEndpoint>,
    /// What they are told besides joins and leaves.
    pub wishes: Vec<EventKind>,
    /// Whether every meeting is recorded.
    pub auto_record: bool,
    /// Keys of tokens.
    pub keys: KeyRing,
    /// What the server signs tokens for participants with, if it can.
    pub minter: Option<Minter>,
    /// What the pages look like.
    pub brand: Brand,
    /// The language of those whose own languages are not there.
    pub language: Option<String>,
    /// Most people with camera or microphone on in a room; 0 is no limit.
    pub max_broadcasters: u32,
    /// Most people with a tile in a room; 0 is no limit.
    pub max_watchers: u32,
    /// How far clocks may be apart when a token's times are checked.
    pub leeway: Duration,
}

/// Where a question goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address.
    pub url: Url,
    /// The value of its Authorization header.
    pub authorization: Option<Secret>,
}

/// Where events go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventEndpoint {
    /// The address, below which each event has its path.
    pub url: Url,
    /// The value of the Authorization header.
    pub authorization: Option<Secret>,
    /// What events are signed with.
    pub secret: Option<SigningKey>,
}

/// All tenants of this server.
#[derive(Debug)]
pub struct Tenants {
    by_host: HashMap<String, Arc<Tenant>>,
    default: Arc<Tenant>,
}

/// Why a tenant cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum BadTenant {
    /// A key that cannot be used.
    #[error("tenant {tenant:?}: {source}")]
    Key {
        /// Whose.
        tenant: String,
        /// What is wrong.
        source: BadKey,
    },
    /// An address that cannot be used.
    #[error("tenant {tenant:?}: {key}: {what}")]
    Target {
        /// Whose.
        tenant: String,
        /// Which setting.
        key: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// An `event_secret` that cannot be used.
    #[error("tenant {tenant:?}: event_secret: {source}")]
    Secret {
        /// Whose.
        tenant: String,
        /// What is wrong.
        source: BadSecret,
    },
}

impl Tenants {
    /// Makes the tenants of checked settings. `local_key` is the server's own
    /// secret, for tenants that have no keys.
    ///
    /// # Errors
    /// When a key's file cannot be read any more.
    pub fn from_config(config: &Config, local_key: &[u8]) -> Result<Self, BadTenant> {
        let names = own_hosts(config);
        let make = |settings: &TenantSettings| {
            let tenant = Tenant::new(settings, local_key)?;
            let own_hosts = names.clone();
            Ok::<_, BadTenant>(Tenant {
                own_hosts,
                ..tenant
            })
        };
        let mut default = make(&TenantSettings::default())?;
        let mut by_host = HashMap::new();
        for settings in &config.tenants {
            let tenant = make(settings)?;
            if settings.hostname == "*" {
                default = tenant;
            } else {
                by_host.insert(host::name_of(&settings.hostname), Arc::new(tenant));
            }
        }
        Ok(Self {
            by_host,
            default: Arc::new(default),
        })
    }

    /// The tenant of a request, by its Host header.
    #[must_use]
    pub fn for_host(&self, header: Option<&str>) -> &Arc<Tenant> {
        header
            .and_then(|header| self.by_host.get(&host::name_of(header)))
            .unwrap_or(&self.default)
    }

    /// Whether a host that somebody names is one of this server's. One without
    /// named tenants answers to every name, as it does to every Host header.
    #[must_use]
    pub fn knows(&self, host: &str) -> bool {
        let name = host::name_of(host);
        self.by_host.is_empty() || self.default.own_hosts.contains(&name)
    }

    /// A tenant by its `hostname`, `*` for the default one.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Arc<Tenant>> {
        if name == "*" {
            return Some(&self.default);
        }
        self.by_host.get(&host::name_of(name))
    }
}

impl Tenant {
    /// Makes the tenant of checked settings.
    ///
    /// # Errors
    /// When a key's file cannot be read any more.
    pub fn new(settings: &TenantSettings, local_key: &[u8]) -> Result<Self, BadTenant> {
        let id = TenantId::new(&settings.hostname.to_lowercase());
        let keys =
            KeyRing::load(&settings.jwt_keys, &id, local_key).map_err(|source| BadTenant::Key {
                tenant: settings.hostname.clone(),
                source,
            })?;
        let access = target(settings, "access_url", settings.access_url.as_deref())?;
        let events = target(settings, "event_url", settings.event_url.as_deref())?;
        let secret = signing_key(settings)?;
        Ok(Self {
            id,
            own_hosts: Vec::new(),
            require_token: settings.require_token,
            embed_origins: settings.embed_origins.clone(),
            debug_attributes: settings.debug_attributes,
            allow_private_targets: settings.allow_private_targets,
            access: access.map(|url| Endpoint {
                url,
                authorization: settings.access_authorization.clone(),
            }),
            events: events.map(|url| EventEndpoint {
                url,
                authorization: settings.event_authorization.clone(),
                secret,
            }),
            wishes: settings.events.clone(),
            auto_record: settings.auto_record,
            minter: Minter::of_server(&settings.jwt_keys, &keys),
            keys,
            brand: settings.brand.clone(),
            language: settings.language.clone(),
            max_broadcasters: settings.max_broadcasters,
            max_watchers: settings.max_watchers,
            leeway: Duration::from_secs(settings.token_leeway_seconds.into()),
        })
    }
}

impl Tenant {
    /// Whether events of this kind go to the tenant's `event_url`.
    #[must_use]
    pub fn wants(&self, kind: EventKind) -> bool {
        self.events.is_some() && self.wishes.contains(&kind)
    }
}

fn own_hosts(config: &Config) -> Vec<String> {
    let public = config.http.public_url.as_deref();
    let public = public.and_then(|url| Url::parse(url).ok());
    let public = public.and_then(|url| url.host_str().map(host::name_of));
    let tenants = config.tenants.iter().map(|tenant| &tenant.hostname);
    let named = tenants.filter(|name| *name != "*");
    public
        .into_iter()
        .chain(named.map(|name| host::name_of(name)))
        .collect()
}

fn signing_key(settings: &TenantSettings) -> Result<Option<SigningKey>, BadTenant> {
    let secret = settings.event_secret.as_ref();
    let key = secret.map(|secret| SigningKey::parse(secret.expose()));
    key.transpose().map_err(|source| BadTenant::Secret {
        tenant: settings.hostname.clone(),
        source,
    })
}

fn target(
    settings: &TenantSettings,
    key: &'static str,
    text: Option<&str>,
) -> Result<Option<Url>, BadTenant> {
    let url = text.map(|text| target_url(text, settings.allow_private_targets));
    url.transpose().map_err(|what| BadTenant::Target {
        tenant: settings.hostname.clone(),
        key,
        what,
    })
}
