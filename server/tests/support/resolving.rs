//! Resolving addresses without a server.

use protocol::RoomKind;
use serde_json::Value;
use server::{
    attributes::{Address, Resolved, resolve},
    clock::Now,
    config::TenantSettings,
    tenant::Tenant,
};

use super::tenant::tenant;

pub fn made(settings: &TenantSettings) -> Tenant {
    Tenant::new(settings, b"the server's own").expect("a tenant")
}

pub fn resolved_by(settings: &TenantSettings, kind: RoomKind, query: &str) -> Resolved {
    let address = Address {
        kind,
        path_room: Some("room"),
        query,
        host: Some("meet.example.org:8443"),
    };
    resolve(&made(settings), address, Now::read().unix)
}

pub fn resolved(query: &str) -> Resolved {
    resolved_by(&tenant(), RoomKind::Call, query)
}

/// The report on an attribute, as `/explain` shows it.
pub fn report(resolved: &Resolved, name: &str) -> Value {
    let found = resolved.reports.iter().find(|report| report.name == name);
    serde_json::to_value(found.expect("an attribute")).expect("JSON")
}
