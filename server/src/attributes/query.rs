//! The query of an address as names and values.

use std::borrow::Cow;

use url::form_urlencoded;

/// The names and values of a query, in their order, decoded.
#[derive(Debug, Clone, Default)]
pub(super) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).collect())
    }

    /// The first value under one of the names, which win in their order, and
    /// whether there are others.
    pub(super) fn get(
        &'a self,
        names: impl Iterator<Item = &'static str>,
    ) -> Option<(&'a str, bool)> {
        let mut found: Option<&'a str> = None;
        let mut others = false;
        for name in names {
            for (_, value) in self.0.iter().filter(|(given, _)| given == name) {
                others |= found.is_some_and(|first| first != value);
                found.get_or_insert(value);
            }
        }
        found.map(|value| (value, others))
    }

    /// The names that are given.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }
}
