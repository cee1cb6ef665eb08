//! The text files as the server has them: all of them, in the executable.
//!
//! The browser's program holds none. It gets the language of its page with the
//! page, and another one from the server when somebody chooses it.

#[cfg(feature = "ssr")]
use std::sync::LazyLock;
use std::sync::OnceLock;

use super::{
    Text,
    language::Language,
    source::{Complaints, Source},
};

macro_rules! files {
    ($($tag:literal),*) => {
        /// What is written, by the order of [`Language::ALL`].
        const FILES: [(&str, &str); Language::ALL.len()] =
            [$(($tag, include_str!(concat!("../../texts/", $tag, ".json")))),*];
    };
}
files!(
    "en", "fr", "de", "lb", "ru", "es", "pt", "nl", "sv", "uk", "zh", "it", "pl", "ar"
);

/// The words of a language, read when they are wanted for the first time.
pub(super) fn text(language: &'static Language) -> &'static Text {
    static TEXTS: [OnceLock<Text>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    let index = index(language);
    TEXTS[index].get_or_init(|| {
        let complaints = Complaints::default();
        let source = Source::parse(language.tag, FILES[index].1, &complaints);
        Text::read(language, &source)
    })
}

/// A language's file in its shortest form.
#[cfg(feature = "ssr")]
pub(crate) fn compact(language: &'static Language) -> &'static str {
    static COMPACT: LazyLock<[String; Language::ALL.len()]> = LazyLock::new(|| {
        FILES.map(|(_, json)| {
            serde_json::from_str::<serde_json::Value>(json)
                .map(|value| value.to_string())
                .unwrap_or_default()
        })
    });
    &COMPACT[index(language)]
}

/// A name for the present state of all files: another one when any changes.
#[cfg(feature = "ssr")]
pub(crate) fn version() -> &'static str {
    use sha2::{Digest, Sha256};
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        for language in &Language::ALL {
            hash.update(compact(language));
        }
        let digest = hash.finalize();
        digest.iter().take(10).map(|b| format!("{b:02x}")).collect()
    });
    &VERSION
}

fn index(language: &'static Language) -> usize {
    FILES
        .iter()
        .position(|(tag, _)| *tag == language.tag)
        .expect("a test proves that every language has its file")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn parsed(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_language_has_its_file() {
        let tags = FILES.map(|(tag, _)| tag);
        assert_eq!(tags, Language::ALL.map(|language| language.tag));
    }

    #[test]
    fn no_language_lacks_a_word_or_has_one_too_many() {
        let mut wrong = Vec::new();
        for (language, (_, json)) in Language::ALL.iter().zip(FILES) {
            let complaints = Complaints::default();
            Text::read(language, &Source::parse(language.tag, json, &complaints));
            wrong.extend(complaints.into_list());
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn every_language_has_the_gaps_of_english() {
        let english = parsed(FILES[0].1);
        let mut wrong = Vec::new();
        for (tag, json) in &FILES[1..] {
            compare(tag, &english, &parsed(json), &mut wrong);
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    fn compare(place: &str, english: &Value, other: &Value, wrong: &mut Vec<String>) {
        if let (Value::String(english), Value::String(other)) = (english, other) {
            let (mut wanted, found) = (gaps(english), gaps(other));
            if place.starts_with("ar") && !found.contains("count") && stands_for_one_number(place) {
                wanted.remove("count");
            }
            if wanted != found {
                wrong.push(format!("{place}: {found:?} instead of {wanted:?}"));
            }
        }
        for (key, other) in other.as_object().into_iter().flatten() {
            // a form that English lacks has the gaps of the form for all else
            let english = &english[key];
            let form = if english.is_null() {
                &english["other"]
            } else {
                english
            };
            compare(&format!("{place} / {key}"), form, other, wrong);
        }
    }

    /// Arabic says none, one and two in words, without a number.
    fn stands_for_one_number(place: &str) -> bool {
        ["zero", "one", "two"]
            .iter()
            .any(|form| place.ends_with(form))
    }

    fn gaps(sentence: &str) -> BTreeSet<&str> {
        let pieces = sentence.split('{').skip(1);
        pieces
            .map(|piece| piece.split_once('}').expect("a gap is closed").0)
            .collect()
    }
}
