//! Reads a list from a file, or from one text with commas, which is kinder in
//! an environment variable.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{Error, SeqAccess, Visitor},
};

/// Reads a list whose entries `parse` understands. `what` is one entry, for
/// people.
pub(super) fn list<'de, D: Deserializer<'de>, T>(
    input: D,
    what: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<Vec<T>, D::Error> {
    input.deserialize_any(List {
        what,
        parse,
        entries: PhantomData,
    })
}

struct List<T> {
    what: &'static str,
    parse: fn(&str) -> Option<T>,
    entries: PhantomData<T>,
}

impl<T> List<T> {
    fn entry<E: Error>(&self, text: &str) -> Result<T, E> {
        let wrong = || E::custom(format!("{text:?} is not {}", self.what));
        (self.parse)(text).ok_or_else(wrong)
    }
}

impl<'de, T> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list, each {}", self.what)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        text.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| self.entry(one))
            .collect()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element::<String>()? {
            all.push(self.entry(&one)?);
        }
        Ok(all)
    }
}
