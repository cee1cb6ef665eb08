//! What became of each attribute: for `/explain`.

use serde::Serialize;
use serde_json::Value;

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// From the token.
    Token,
    /// From the address.
    Url,
    /// From the tenant's settings.
    Tenant,
    /// From nowhere: it is the default.
    Default,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Its name.
    pub name: &'static str,
    /// The value in force; `(set)` for a secret.
    pub value: Value,
    /// Where it came from.
    pub source: Origin,
    /// What was given and does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// A value that was given and does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Where it was given.
    pub source: Origin,
    /// The value; never that of a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why it does not count.
    pub why: String,
}
