//! `GET /metrics`: the numbers in OpenMetrics' text form, which Prometheus and
//! all that reads for it understand.

use std::{fmt, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::text::{encode_eof, encode_registry},
    registry::Registry,
};

use super::{Metrics, access::is_allowed, snapshot::Snapshot};
use crate::{
    accounts::Scope,
    api::{Caller, Code, Problem},
};

/// The form of the answer.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Shows the numbers to those who may see them.
pub(crate) async fn show(
    State(metrics): State<Metrics>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    caller: Result<Caller, Problem>,
) -> Result<Response, Problem> {
    if !is_allowed(&metrics.allow, peer.ip(), &headers) {
        may_read(&caller?)?;
    }
    let snapshot = Snapshot::take(&metrics).await;
    let text = written(&metrics, snapshot).expect("a String takes all that is written");
    let headers = [
        (header::CONTENT_TYPE, OPEN_METRICS),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// The numbers are those of all tenants together.
fn may_read(caller: &Caller) -> Result<(), Problem> {
    caller.needs(Scope::MetricsRead)?;
    if caller.tenant.is_some() {
        let why = "The numbers are those of all tenants, and the token is of one";
        return Err(Problem::new(Code::WrongTenant, why));
    }
    Ok(())
}

fn written(metrics: &Metrics, snapshot: Snapshot) -> Result<String, fmt::Error> {
    let mut once = Registry::default();
    once.register_collector(Box::new(snapshot));
    let mut text = String::new();
    encode_registry(&mut text, &metrics.live.registry)?;
    encode_registry(&mut text, &once)?;
    encode_eof(&mut text)?;
    Ok(text)
}
