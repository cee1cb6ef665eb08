//! What the tenant's settings add to the attributes.

use serde_json::Value;

use super::{Attributes, Origin, Refused, Report};
use crate::{config::SHOWN_SECRET, tenant::Tenant};

/// Adds what the tenant's settings say.
pub(super) fn add_tenant(all: &mut Attributes, tenant: &Tenant, reports: &mut [Report]) {
    for report in reports {
        match report.name {
            "maxBroadcasters" => {
                limit(&mut all.max_broadcasters, tenant.max_broadcasters, report);
            }
            "maxWatchers" => limit(&mut all.max_watchers, tenant.max_watchers, report),
            "accessUrl" => from_tenant(report, tenant.access.is_some()),
            "authorizationAccess" if all.access_url.is_none() => {
                let access = tenant.access.as_ref();
                let set = access.is_some_and(|access| access.authorization.is_some());
                from_tenant(report, set);
            }
            "apiEvent" => from_tenant(report, tenant.events.is_some()),
            "authEvent" if all.api_event.is_none() => {
                let events = tenant.events.as_ref();
                let set = events.is_some_and(|events| events.authorization.is_some());
                from_tenant(report, set);
            }
            "lang" => {
                if let (Origin::Default, Some(tag)) = (report.source, &tenant.language) {
                    report.value = Value::from(tag.as_str());
                    report.source = Origin::Tenant;
                }
            }
            _ => {}
        }
    }
}

/// The smallest above 0 is in force.
fn limit(value: &mut u32, tenant: u32, report: &mut Report) {
    if tenant == 0 || (1..=tenant).contains(value) {
        return;
    }
    if *value > 0 {
        report.refused.push(Refused {
            source: report.source,
            value: Some(value.to_string()),
            why: "the tenant's limit is smaller".to_owned(),
        });
    }
    *value = tenant;
    report.value = tenant.into();
    report.source = Origin::Tenant;
}

fn from_tenant(report: &mut Report, set: bool) {
    if set && report.source == Origin::Default {
        report.value = SHOWN_SECRET.into();
        report.source = Origin::Tenant;
    }
}
