//! Whom the frame obeys: its own origin and the tenant's list of origins, the
//! same as in the page's `frame-ancestors`.

/// Whether a page on `origin` may drive the frame, which is on `own`. Pages of
/// the server itself, such as `/demo`, always may: `'self'` may embed it.
///
/// An entry is `*`, an origin, or an origin with `*.` before the name, which
/// stands for all names below it and not for the name itself. A port `*` is
/// any port. `null`, the origin of sandboxed pages and of files, is nobody's
/// in particular, so only `*` stands for it.
pub(super) fn may_drive(list: &[String], own: &str, origin: &str) -> bool {
    let asked = Place::read(origin);
    let itself = Place::read(own).zip(asked).is_some_and(|(o, a)| o.is(a));
    itself
        || list.iter().any(|entry| {
            entry == "*"
                || Place::read(entry)
                    .zip(asked)
                    .is_some_and(|(e, a)| e.covers(a))
        })
}

/// The parts of an origin.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    scheme: &'a str,
    name: &'a str,
    port: &'a str,
}

impl<'a> Place<'a> {
    fn read(origin: &'a str) -> Option<Self> {
        let (scheme, rest) = origin.trim().split_once("://")?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (name, port) = match rest.rsplit_once(':') {
            // within brackets it is an IPv6 address
            Some((name, port)) if !port.ends_with(']') => (name, port),
            _ => (rest, default_port(scheme)),
        };
        (!name.is_empty()).then_some(Self { scheme, name, port })
    }

    fn is(self, other: Self) -> bool {
        self.port == other.port
            && self.scheme.eq_ignore_ascii_case(other.scheme)
            && self.name.eq_ignore_ascii_case(other.name)
    }

    fn covers(self, other: Self) -> bool {
        let port = self.port == "*" || self.port == other.port;
        port && self.scheme.eq_ignore_ascii_case(other.scheme) && self.names(other.name)
    }

    fn names(self, name: &str) -> bool {
        let Some(parent) = self.name.strip_prefix('*') else {
            return self.name.eq_ignore_ascii_case(name);
        };
        // the dot stays with the parent, so that `evilexample.org` is no child
        let cut = name.len().checked_sub(parent.len());
        let below = cut.filter(|cut| *cut > 0).and_then(|cut| name.get(cut..));
        below.is_some_and(|below| below.eq_ignore_ascii_case(parent))
    }
}

fn default_port(scheme: &str) -> &'static str {
    match scheme.eq_ignore_ascii_case("https") {
        true => "443",
        false => "80",
    }
}

#[cfg(test)]
mod tests {
    use super::may_drive;

    const OWN: &str = "https://meet.example";

    fn check(entry: &str, origin: &str) -> bool {
        may_drive(&[entry.to_owned()], OWN, origin)
    }

    #[test]
    fn nobody_else_is_obeyed_without_a_list() {
        assert!(!may_drive(&[], OWN, "https://a.example"));
        assert!(!may_drive(&[], OWN, "http://meet.example"));
        assert!(!may_drive(&[], OWN, "https://meet.example:8443"));
        assert!(!may_drive(&[], "null", "null"));
    }

    #[test]
    fn pages_of_the_server_itself_are_obeyed_whatever_the_list_says() {
        assert!(may_drive(&[], OWN, "https://meet.example"));
        assert!(check("https://a.example", "https://meet.example:443"));
    }

    #[test]
    fn a_star_is_everybody_and_null_is_nobody_else() {
        assert!(check("*", "https://a.example"));
        assert!(check("*", "null"));
        assert!(!check("https://a.example", "null"));
        assert!(!check("https://*.example", "null"));
    }

    #[test]
    fn an_origin_is_itself_whatever_its_case() {
        assert!(check("https://LMS.example.org", "https://lms.example.org"));
        assert!(!check("https://lms.example.org", "http://lms.example.org"));
        assert!(!check(
            "https://lms.example.org",
            "https://lms.example.org.evil"
        ));
        assert!(!check(
            "https://lms.example.org",
            "https://x.lms.example.org"
        ));
    }

    #[test]
    fn ports_count_and_the_usual_one_may_be_left_out() {
        assert!(check("https://a.example:443", "https://a.example"));
        assert!(check("http://a.example", "http://a.example:80"));
        assert!(check("http://a.example:8080", "http://a.example:8080"));
        assert!(!check("http://a.example", "http://a.example:8080"));
        assert!(check("http://a.example:*", "http://a.example:8080"));
        assert!(check("http://[::1]:3000", "http://[::1]:3000"));
        assert!(check("http://[::1]", "http://[::1]"));
    }

    #[test]
    fn a_star_before_the_name_is_all_names_below_it() {
        let entry = "https://*.example.org";
        assert!(check(entry, "https://a.example.org"));
        assert!(check(entry, "https://a.b.EXAMPLE.org"));
        assert!(!check(entry, "https://example.org"));
        assert!(!check(entry, "https://evilexample.org"));
        assert!(!check(entry, "https://.example.org.evil"));
        assert!(!check(entry, "https://a.example.org:8443"));
        assert!(check(
            "https://*.example.org:8443",
            "https://a.example.org:8443"
        ));
    }
}
