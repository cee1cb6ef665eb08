//! What a store that gives trouble means, for programs and for operators.

use std::{error::Error, fmt};

use object_store::client::HttpError;
use protocol::StoreTrouble;

/// What a store answered instead of doing it. Shows no key: stores repeat
/// those in their answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// For programs.
    pub(crate) code: StoreTrouble,
    /// The store has no such object or upload.
    missing: bool,
    why: String,
}

impl Trouble {
    /// The settings name another store.
    pub(super) fn elsewhere(place: &str) -> Self {
        Self {
            code: StoreTrouble::StoreElsewhere,
            missing: false,
            why: format!("the settings do not name the store of {place}"),
        }
    }

    /// The store answers, but not as it should.
    pub(super) fn failed(why: impl Into<String>) -> Self {
        Self {
            code: StoreTrouble::StoreFailed,
            missing: false,
            why: why.into(),
        }
    }

    /// The code, as it is on the wire.
    pub(crate) fn name(&self) -> &'static str {
        name(self.code)
    }

    /// Whether what was asked for is not there.
    pub(crate) fn is_missing(&self) -> bool {
        self.missing
    }
}

impl Error for Trouble {}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", name(self.code), self.why)
    }
}

impl From<object_store::Error> for Trouble {
    fn from(error: object_store::Error) -> Self {
        Self::of(&error)
    }
}

impl Trouble {
    /// What an error of the library means.
    pub(crate) fn of(error: &object_store::Error) -> Self {
        use object_store::Error as E;
        let text = error.to_string();
        let said = said(&text);
        let is = |code: StoreTrouble, why: &str| Self {
            code,
            missing: false,
            why: said.map_or_else(|| why.to_owned(), |said| format!("{why} ({said})")),
        };
        match error {
            E::NotFound { .. } if said == Some("NoSuchBucket") => {
                is(StoreTrouble::StoreNoBucket, "it has no such bucket")
            }
            // of a part or of their end, some tell by another status
            _ if said == Some("NoSuchUpload") => Self {
                missing: true,
                ..is(StoreTrouble::StoreFailed, "it has forgotten the upload")
            },
            E::NotFound { .. } => Self {
                missing: true,
                ..is(StoreTrouble::StoreFailed, "it has no such object")
            },
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => is(
                StoreTrouble::StoreDenied,
                "it does not take the key, or the key may not do this",
            ),
            _ => match connection(error) {
                Some(why) => is(StoreTrouble::StoreUnreachable, &why),
                None => is(StoreTrouble::StoreFailed, &short(&text)),
            },
        }
    }
}

/// The name on the wire.
fn name(code: StoreTrouble) -> &'static str {
    match code {
        StoreTrouble::StoreUnreachable => "store_unreachable",
        StoreTrouble::StoreDenied => "store_denied",
        StoreTrouble::StoreNoBucket => "store_no_bucket",
        StoreTrouble::StoreElsewhere => "store_elsewhere",
        StoreTrouble::StoreFailed | StoreTrouble::Unknown => "store_failed",
    }
}

/// The code of S3 in an answer (`<Error><Code>…`).
fn said(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    code.chars()
        .all(|c| c.is_ascii_alphanumeric())
        .then_some(code)
}

/// What is wrong with the connection, if that is it.
fn connection(error: &object_store::Error) -> Option<String> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut last = None;
    let mut is_connection = false;
    while let Some(one) = cause {
        is_connection |= one.is::<HttpError>();
        last = Some(one.to_string());
        cause = one.source();
    }
    last.filter(|_| is_connection)
}

/// An answer without what follows its status: stores repeat keys there.
fn short(text: &str) -> String {
    let end = text.find(": <").unwrap_or(text.len());
    text[..end].chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_by_its_code_alone() {
        let body = "<?xml?><Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>hush</AWSAccessKeyId></Error>";
        let denied = object_store::Error::PermissionDenied {
            path: "a".to_owned(),
            source: body.into(),
        };
        let trouble = Trouble::from(denied);
        assert_eq!(trouble.code, StoreTrouble::StoreDenied);
        let shown = trouble.to_string();
        assert!(shown.contains("InvalidAccessKeyId"), "{shown}");
        assert!(!shown.contains("hush"), "{shown}");
    }

    #[test]
    fn a_missing_bucket_is_no_missing_object() {
        let not_found = |code: &str| object_store::Error::NotFound {
            path: "a".to_owned(),
            source: format!("404: <Error><Code>{code}</Code></Error>").into(),
        };
        assert!(Trouble::from(not_found("NoSuchKey")).is_missing());
        let trouble = Trouble::from(not_found("NoSuchBucket"));
        assert!(!trouble.is_missing());
        assert_eq!(trouble.code, StoreTrouble::StoreNoBucket);
    }
}
