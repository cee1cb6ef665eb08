//! Where a request comes from: the address that counts for limits.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

/// The proxies whose word counts: `http.trusted_proxies`.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Arc<[IpAddr]>);

/// The address that a request comes from: of the connection, or, if that is a
/// trusted proxy's, the last one in `X-Forwarded-For` that is no such proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peer(pub(super) IpAddr);

impl<S> FromRequestParts<S> for Peer
where
    S: Send + Sync,
    TrustedProxies: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connection = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        let proxies = TrustedProxies::from_ref(state);
        Ok(Self(origin(connection, &parts.headers, &proxies.0)))
    }
}

fn origin(connection: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let connection = connection.to_canonical();
    if !proxies.contains(&connection) {
        return connection;
    }
    let lines = headers.get_all("x-forwarded-for").iter();
    let named: Vec<IpAddr> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|text| text.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .collect();
    let foreign = named.iter().rev().find(|named| !proxies.contains(named));
    foreign.copied().unwrap_or(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_last_word() {
        let mut headers = HeaderMap::new();
        let said = "203.0.113.9, 192.0.2.1, 10.0.0.2".parse().expect("a value");
        headers.insert("x-forwarded-for", said);
        let proxies = [address("10.0.0.1"), address("10.0.0.2")];
        let of = |connection: &str| origin(address(connection), &headers, &proxies);
        assert_eq!(of("10.0.0.1"), address("192.0.2.1"));
        assert_eq!(of("::ffff:10.0.0.1"), address("192.0.2.1"));
        assert_eq!(of("198.51.100.7"), address("198.51.100.7"));
        let silent = origin(address("10.0.0.1"), &HeaderMap::new(), &proxies);
        assert_eq!(silent, address("10.0.0.1"));
    }
}
