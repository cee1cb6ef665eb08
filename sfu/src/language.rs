//! Languages of interpreters and their listeners: a validated tag for the
//! outside, a small number within a room.

use std::fmt;

/// The longest tag; RFC 5646 §4.4.1 asks for room for 35 characters at least.
const TAG_MAX: usize = 35;
/// The longest part of a tag (RFC 5646 §2.1).
const SUBTAG_MAX: usize = 8;

/// A language tag (BCP 47), such as `de` or `pt-br`, in lower case: tags that
/// differ only in case are the same language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(Box<str>);

/// A text that is no language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no language tag")]
pub struct LanguageError;

impl Language {
    /// Takes a tag in any case.
    ///
    /// # Errors
    /// When it has not the form of RFC 5646 §2.1: parts of one to eight letters
    /// and digits between hyphens, the first of letters alone.
    pub fn parse(tag: &str) -> Result<Self, LanguageError> {
        let part = |part: &str| {
            (1..=SUBTAG_MAX).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let first = tag.split('-').next().unwrap_or_default();
        let letters = first.bytes().all(|byte| byte.is_ascii_alphabetic());
        let well_formed = tag.len() <= TAG_MAX && letters && tag.split('-').all(part);
        well_formed
            .then(|| Self(tag.to_ascii_lowercase().into()))
            .ok_or(LanguageError)
    }

    /// The tag in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A language within one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LanguageId(usize);

/// The languages of a room: a number for each that somebody speaks or listens
/// to. Numbers that nobody uses any more serve again, so that their count is
/// bounded by the peers.
#[derive(Debug, Default)]
pub(crate) struct Languages(Vec<(Language, usize)>);

impl Languages {
    /// The number of a language, which counts as used once more.
    pub(crate) fn acquire(&mut self, language: Language) -> LanguageId {
        let known = self.0.iter().position(|(known, _)| *known == language);
        if let Some(at) = known {
            self.0[at].1 += 1;
            return LanguageId(at);
        }
        let entry = (language, 1);
        match self.0.iter().position(|(_, uses)| *uses == 0) {
            Some(free) => {
                self.0[free] = entry;
                LanguageId(free)
            }
            None => {
                self.0.push(entry);
                LanguageId(self.0.len() - 1)
            }
        }
    }

    /// One use less.
    pub(crate) fn release(&mut self, language: Option<LanguageId>) {
        let entry = language.and_then(|id| self.0.get_mut(id.0));
        if let Some((_, uses)) = entry {
            *uses = uses.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap()
    }

    #[test]
    fn tags_are_the_same_in_any_case() {
        assert_eq!(language("pt-BR"), language("PT-br"));
        assert_eq!(language("zh-Hant-TW").as_str(), "zh-hant-tw");
        assert_eq!(language("de").to_string(), "de");
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        let long = "a".repeat(9);
        let longer = "abcd-".repeat(8) + "x";
        for tag in [
            "", "-", "de-", "-de", "d e", "1a", "dé", "de_AT", &long, &longer,
        ] {
            assert_eq!(Language::parse(tag), Err(LanguageError), "{tag}");
        }
    }

    #[test]
    fn a_number_that_nobody_uses_serves_another_language() {
        let mut languages = Languages::default();
        let german = languages.acquire(language("de"));
        assert_eq!(languages.acquire(language("DE")), german);
        let french = languages.acquire(language("fr"));
        assert_ne!(french, german);
        languages.release(Some(german));
        assert_ne!(languages.acquire(language("pl")), german);
        languages.release(Some(german));
        assert_eq!(languages.acquire(language("it")), german);
    }
}
