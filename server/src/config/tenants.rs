//! Settings of tenants: who embeds this server, under which host name, and
//! what holds for their rooms.

use std::path::PathBuf;

use protocol::Brand;
use serde::{Deserialize, Serialize};

use super::{Problem, Secret, tenant_checks};
use crate::webhooks::EventKind;

pub(super) const ALLOWED: &[(&str, &str)] = &[
    (
        "tenants",
        "tables [[tenants]], each with keys such as hostname, require_token, jwt_keys; in the environment [{hostname=\"*\",require_token=true}]",
    ),
    (
        "tenants.hostname",
        "\"*\" for the default, or the host name that browsers use, without port; each only once, and \"*\" must be there",
    ),
    ("tenants.require_token", "true or false"),
    (
        "tenants.embed_origins",
        "a list of origins such as [\"https://lms.example.org\", \"https://*.example.org\"], or [\"*\"] for all",
    ),
    ("tenants.debug_attributes", "true or false"),
    ("tenants.allow_private_targets", "true or false"),
    (
        "tenants.access_url",
        "an https URL without user name and password; http only with allow_private_targets",
    ),
    (
        "tenants.access_authorization",
        "the value of an Authorization header, such as \"Bearer …\"",
    ),
    (
        "tenants.event_url",
        "an https URL without user name and password; http only with allow_private_targets",
    ),
    (
        "tenants.event_authorization",
        "the value of an Authorization header, such as \"Bearer …\"",
    ),
    (
        "tenants.event_secret",
        "whsec_ and 24 to 64 bytes in base64, in quotes",
    ),
    (
        "tenants.events",
        "a list of room.started, room.ended, participant.joined, participant.left, participant.waiting, hand.raised, hand.lowered, chat.message, recording.started, recording.stopped, recording.processing, recording.ready, recording.failed; with event_url",
    ),
    ("tenants.auto_record", "true or false"),
    (
        "tenants.jwt_keys",
        "a list such as [{ kid = \"a\", alg = \"HS256\", secret = \"…\" }, { kid = \"b\", alg = \"RS256\", public_key_file = \"b.pub\" }]",
    ),
    (
        "tenants.jwt_keys.kid",
        "the key's name, not empty, each only once",
    ),
    ("tenants.jwt_keys.alg", "HS256 or RS256"),
    (
        "tenants.jwt_keys.secret",
        "with HS256: a text in quotes of at least 32 bytes",
    ),
    (
        "tenants.jwt_keys.public_key_file",
        "with RS256: a PEM file with an RSA public key of 2048 to 4096 bits",
    ),
    (
        "tenants.brand",
        "a table such as { name = \"Acme\", logo = \"https://acme.example/logo.svg\", accent = \"#0a7a3f\" }",
    ),
    ("tenants.brand.name", "a text of 1 to 80 characters"),
    (
        "tenants.brand.logo",
        "an https URL, or a path on this server such as \"/logo.svg\"",
    ),
    ("tenants.brand.accent", "a colour such as \"#0a7a3f\""),
    (
        "tenants.language",
        "a language tag such as \"de\" or \"pt-BR\"",
    ),
    (
        "tenants.max_broadcasters",
        "a number, 0 for no limit of its own",
    ),
    (
        "tenants.max_watchers",
        "a number, 0 for no limit of its own",
    ),
    ("tenants.token_leeway_seconds", "a number from 0 to 3600"),
];

/// One tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantSettings {
    /// `*` for the default, else the Host header without port.
    pub hostname: String,
    /// Nobody enters without a token. Default false.
    pub require_token: bool,
    /// Who may embed the pages. Default everybody.
    pub embed_origins: Vec<String>,
    /// Whether accessUrl, apiEvent, authEvent and authorizationAccess count
    /// in an address. Default false.
    pub debug_attributes: bool,
    /// Whether outgoing requests may go to loopback and private addresses, and
    /// by plain http. Default false.
    pub allow_private_targets: bool,
    /// Who is asked whether somebody may enter.
    pub access_url: Option<String>,
    /// The Authorization header of that question.
    pub access_authorization: Option<Secret>,
    /// Who is told of what happens in rooms.
    pub event_url: Option<String>,
    /// The Authorization header of these messages.
    pub event_authorization: Option<Secret>,
    /// What these messages are signed with.
    pub event_secret: Option<Secret>,
    /// What else they are told besides joins and leaves.
    pub events: Vec<EventKind>,
    /// Whether every meeting is recorded. Default false.
    pub auto_record: bool,
    /// Keys of tokens. None: the server's own key, see `meetframe token mint`.
    pub jwt_keys: Vec<KeySettings>,
    /// What the pages look like.
    pub brand: Brand,
    /// The language of those whose own languages are not there.
    pub language: Option<String>,
    /// Most people with camera or microphone on in a room; 0 is no limit.
    pub max_broadcasters: u32,
    /// Most people with a tile in a room; 0 is no limit.
    pub max_watchers: u32,
    /// How far clocks may be apart when a token's times are checked. Default 30.
    pub token_leeway_seconds: u32,
}

/// A key of tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    /// Its name; a token's `kid` chooses by it.
    pub kid: String,
    /// The one algorithm that it is used with.
    pub alg: KeyAlgorithm,
    /// The secret of HS256: at least 32 bytes.
    #[serde(default)]
    pub secret: Option<Secret>,
    /// The file with the public key of RS256, in PEM form.
    #[serde(default)]
    pub public_key_file: Option<PathBuf>,
}

/// How tokens may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// HMAC with SHA-256: one secret signs and checks.
    HS256,
    /// RSASSA-PKCS1-v1_5 with SHA-256: a private key signs, a public one checks.
    RS256,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            hostname: "*".to_owned(),
            require_token: false,
            embed_origins: vec!["*".to_owned()],
            debug_attributes: false,
            allow_private_targets: false,
            access_url: None,
            access_authorization: None,
            event_url: None,
            event_authorization: None,
            event_secret: None,
            events: Vec::new(),
            auto_record: false,
            jwt_keys: Vec::new(),
            brand: Brand::default(),
            language: None,
            max_broadcasters: 0,
            max_watchers: 0,
            token_leeway_seconds: 30,
        }
    }
}

/// What is wrong with the tenants.
pub(super) fn problems(tenants: &[TenantSettings]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = tenants
        .iter()
        .enumerate()
        .flat_map(|(index, tenant)| {
            tenant_checks::all(tenant)
                .into_iter()
                .map(move |(key, what)| problem(index, tenant, &key, &what))
        })
        .collect();
    for (index, tenant) in tenants.iter().enumerate() {
        let name = tenant.hostname.to_lowercase();
        let same = |other: &TenantSettings| other.hostname.to_lowercase() == name;
        if tenants[..index].iter().any(same) {
            let what = "another tenant has this hostname";
            problems.push(problem(index, tenant, "hostname", what));
        }
    }
    if !tenants.is_empty() && !tenants.iter().any(|tenant| tenant.hostname == "*") {
        let what = "no tenant is the default: one needs hostname = \"*\"";
        problems.push(Problem::new("tenants", what.to_owned()));
    }
    problems
}

fn problem(index: usize, tenant: &TenantSettings, key: &str, what: &str) -> Problem {
    let what = format!("tenant {:?}: {what}", tenant.hostname);
    Problem::new(&format!("tenants.{index}.{key}"), what)
}
