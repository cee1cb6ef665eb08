//! Whom to turn to, by the integrator's own words: a link where they are an
//! address and nothing else.

/// A contact as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Contact {
    /// Plain words.
    Words(String),
    /// An e-mail address or a page: words and where they lead.
    Link { words: String, href: String },
}

impl Contact {
    /// Reads the integrator's words. Nothing but a bare e-mail address or a
    /// bare https URL becomes a link.
    pub(super) fn read(words: &str) -> Option<Self> {
        let words = words.trim();
        if words.is_empty() {
            return None;
        }
        let href = if is_page(words) {
            words.to_owned()
        } else if is_email(words) {
            format!("mailto:{words}")
        } else {
            return Some(Self::Words(words.to_owned()));
        };
        Some(Self::Link {
            words: words.to_owned(),
            href,
        })
    }
}

fn is_page(words: &str) -> bool {
    words.strip_prefix("https://").is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c == '@')
    })
}

/// Letters, digits and what addresses have besides; no `?`, which would fill
/// in a subject or a text.
fn is_email(words: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    };
    words
        .split_once('@')
        .is_some_and(|(user, host)| plain(user) && plain(host) && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn href(words: &str) -> Option<String> {
        match Contact::read(words)? {
            Contact::Link { href, .. } => Some(href),
            Contact::Words(_) => None,
        }
    }

    #[test]
    fn addresses_become_links() {
        assert_eq!(
            href(" help@school.example ").as_deref(),
            Some("mailto:help@school.example")
        );
        assert_eq!(
            href("https://school.example/help").as_deref(),
            Some("https://school.example/help")
        );
    }

    #[test]
    fn words_and_other_schemes_stay_words() {
        for words in [
            "Call +352 123 456",
            "javascript:alert(1)",
            "http://school.example",
            "https://",
            "https://a@b.example",
            "write to help@school.example",
            "help@school.example?body=x",
            "help@localhost",
        ] {
            assert_eq!(href(words), None, "{words}");
            assert!(Contact::read(words).is_some());
        }
    }

    #[test]
    fn nothing_is_nobody_to_turn_to() {
        assert_eq!(Contact::read("  "), None);
    }
}
