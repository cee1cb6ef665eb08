//! Host names, as settings and Host headers have them.

use http::{HeaderMap, Uri, header};

/// The host that a request is for: its Host header, or with HTTP/2 its
/// authority.
pub(crate) fn of_request<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let header = headers.get(header::HOST);
    let named = header.and_then(|value| value.to_str().ok());
    named.or_else(|| uri.authority().map(http::uri::Authority::as_str))
}

/// The name in a Host header: lower case, without port and without the dot
/// that may end it.
pub(crate) fn name_of(header: &str) -> String {
    let header = header.trim();
    let name = match header.rsplit_once(':') {
        // the colons of an IPv6 address stand in brackets
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => header,
    };
    name.trim_end_matches('.').to_lowercase()
}

/// Whether a text can be a host: a name, an IPv4 address, or an IPv6 address
/// in brackets.
pub(crate) fn is_name(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[') {
        let inner = address.strip_suffix(']').unwrap_or_default();
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let good = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.len() <= 253 && text.split('.').all(good)
}

#[cfg(test)]
mod tests {
    use super::{is_name, name_of};

    #[test]
    fn port_case_and_last_dot_do_not_matter() {
        for (header, name) in [
            ("Meet.Example.org", "meet.example.org"),
            ("meet.example.org:8443", "meet.example.org"),
            ("meet.example.org.:443", "meet.example.org"),
            ("[::1]:3000", "[::1]"),
            ("[::1]", "[::1]"),
            ("127.0.0.1:1", "127.0.0.1"),
            ("", ""),
        ] {
            assert_eq!(name_of(header), name);
        }
    }

    #[test]
    fn hosts_have_no_port_and_no_path() {
        for good in ["a", "a.example", "10.0.0.1", "[::1]", "a_b.example"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "*", "a:1", "a/b", "a..b", "a b", "[x]", "a;b", "a,b"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
