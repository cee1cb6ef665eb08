//! Who may read the numbers without a token: those at the addresses that the
//! operator lists.
//!
//! The address is that of the connection, which a proxy makes its own. So a
//! request that a proxy passes on, and says so, never counts as one of the
//! proxy's address. A proxy that does not say so is told by the Host header:
//! from the machine itself the numbers are asked for by a name of the machine
//! itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

use crate::tenant::host;

/// Whether a connection from here may read, and nobody stands behind it.
pub(super) fn is_allowed(allow: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> bool {
    let peer = peer.to_canonical();
    let direct = !headers.keys().any(tells_of_proxy);
    let named = !peer.is_loopback() || names_loopback(headers);
    direct && named && allow.iter().any(|net| net.contains(&peer))
}

fn tells_of_proxy(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(
        name,
        "forwarded" | "via" | "x-real-ip" | "x-client-ip" | "true-client-ip" | "cf-connecting-ip"
    ) || name.starts_with("x-forwarded-")
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let name = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    let name = name.map(host::name_of).unwrap_or_default();
    let inner = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || inner.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || inner.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::*;

    fn allowed(allow: &[&str], peer: &str, headers: &[(&'static str, &'static str)]) -> bool {
        let allow: Vec<IpNet> = allow.iter().map(|net| net.parse().unwrap()).collect();
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect();
        is_allowed(&allow, peer.parse().unwrap(), &headers)
    }

    const LOOPBACK: &[&str] = &["127.0.0.0/8", "::1/128"];

    #[test]
    fn the_machine_itself_may_read_by_its_own_names() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(allowed(LOOPBACK, "127.0.0.1", &[("host", host)]), "{host}");
        }
        assert!(allowed(LOOPBACK, "::1", &[("host", "localhost")]));
        assert!(allowed(
            LOOPBACK,
            "::ffff:127.0.0.1",
            &[("host", "localhost")]
        ));
        assert!(!allowed(LOOPBACK, "10.0.0.1", &[("host", "localhost")]));
    }

    #[test]
    fn who_comes_through_a_proxy_may_not() {
        let host = ("host", "localhost");
        for header in ["forwarded", "via", "x-forwarded-for", "x-real-ip"] {
            let headers = [host, (header, "127.0.0.1")];
            assert!(!allowed(LOOPBACK, "127.0.0.1", &headers), "{header}");
        }
        for other in ["meet.example.org", "10.0.0.1", ""] {
            assert!(!allowed(LOOPBACK, "127.0.0.1", &[("host", other)]));
        }
        assert!(!allowed(LOOPBACK, "127.0.0.1", &[]));
    }

    #[test]
    fn listed_networks_may_read_by_any_name_and_an_empty_list_is_nobody() {
        let headers = [("host", "meetframe:3000")];
        assert!(allowed(&["10.1.0.0/16"], "10.1.2.3", &headers));
        assert!(!allowed(&["10.1.0.0/16"], "10.2.0.1", &headers));
        assert!(!allowed(&[], "127.0.0.1", &[("host", "localhost")]));
    }
}
