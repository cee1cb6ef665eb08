//! Which form of a sentence a whole number takes: the cardinal plural rules of
//! CLDR for our languages. Fractions do not occur.

/// A plural category of CLDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

use Category::{Few, Many, One, Other, Two, Zero};

impl Category {
    /// All that any language has.
    pub(super) const ALL: [Self; 6] = [Zero, One, Two, Few, Many, Other];

    /// Its key in the text files.
    pub(super) fn key(self) -> &'static str {
        match self {
            Zero => "zero",
            One => "one",
            Two => "two",
            Few => "few",
            Many => "many",
            Other => "other",
        }
    }

    /// Those of a language.
    pub(super) fn all_of(tag: &str) -> &'static [Self] {
        match tag {
            "zh" => &[Other],
            "ar" => &[Zero, One, Two, Few, Many, Other],
            "ru" | "uk" | "pl" => &[One, Few, Many, Other],
            "fr" | "es" | "pt" | "it" => &[One, Many, Other],
            _ => &[One, Other],
        }
    }

    /// The one of a number in a language.
    pub(super) fn of(tag: &str, count: u64) -> Self {
        match tag {
            "zh" => Other,
            "ar" => arabic(count),
            "ru" | "uk" => slavic(count, count % 10 == 1 && count % 100 != 11),
            "pl" => slavic(count, count == 1),
            "fr" | "pt" => romance(count, count < 2),
            "es" | "it" => romance(count, count == 1),
            _ if count == 1 => One,
            _ => Other,
        }
    }
}

fn arabic(count: u64) -> Category {
    match (count, count % 100) {
        (0, _) => Zero,
        (1, _) => One,
        (2, _) => Two,
        (_, 3..=10) => Few,
        (_, 11..=99) => Many,
        _ => Other,
    }
}

fn slavic(count: u64, one: bool) -> Category {
    let teens = (12..=14).contains(&(count % 100));
    match count % 10 {
        _ if one => One,
        2..=4 if !teens => Few,
        _ => Many,
    }
}

/// Whole millions want a preposition: « un million de personnes ».
fn romance(count: u64, one: bool) -> Category {
    match count {
        _ if one => One,
        0 => Other,
        _ if count.is_multiple_of(1_000_000) => Many,
        _ => Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `@integer` samples of CLDR's `plurals.xml`.
    const SAMPLES: &[(&str, &[(Category, &str)])] = &[
        (
            "en de nl sv lb",
            &[
                (One, "1"),
                (Other, "0, 2~16, 100, 1000, 10000, 100000, 1000000"),
            ],
        ),
        ("zh", &[(Other, "0~15, 100, 1000, 10000, 100000, 1000000")]),
        (
            "fr pt",
            &[
                (One, "0, 1"),
                (Many, "1000000, 2000000, 10000000"),
                (Other, "2~17, 100, 1000, 10000, 100000"),
            ],
        ),
        (
            "es it",
            &[
                (One, "1"),
                (Many, "1000000, 2000000, 10000000"),
                (Other, "0, 2~16, 100, 1000, 10000, 100000"),
            ],
        ),
        (
            "ru uk",
            &[
                (One, "1, 21, 31, 41, 51, 61, 71, 81, 101, 1001"),
                (Few, "2~4, 22~24, 32~34, 42~44, 52~54, 62, 102, 1002"),
                (Many, "0, 5~19, 100, 1000, 10000, 100000, 1000000"),
            ],
        ),
        (
            "pl",
            &[
                (One, "1"),
                (Few, "2~4, 22~24, 32~34, 42~44, 52~54, 62, 102, 1002"),
                (Many, "0, 5~19, 21, 31, 100, 1000, 10000, 100000, 1000000"),
            ],
        ),
        (
            "ar",
            &[
                (Zero, "0"),
                (One, "1"),
                (Two, "2"),
                (Few, "3~10, 103~110, 1003"),
                (Many, "11~26, 111, 1011"),
                (
                    Other,
                    "100~102, 200~202, 300~302, 400~402, 500~502, 600, 1000, 10000, 100000, 1000000",
                ),
            ],
        ),
    ];

    #[test]
    fn the_samples_of_cldr_have_the_categories_of_cldr() {
        for (tags, samples) in SAMPLES {
            for tag in tags.split(' ') {
                for (category, numbers) in *samples {
                    for number in numbers.split(", ").flat_map(range) {
                        assert_eq!(Category::of(tag, number), *category, "{number} in {tag}");
                        assert!(Category::all_of(tag).contains(category), "{tag}");
                    }
                }
            }
        }
    }

    fn range(numbers: &str) -> std::ops::RangeInclusive<u64> {
        let (first, last) = numbers.split_once('~').unwrap_or((numbers, numbers));
        first.parse().unwrap()..=last.parse().unwrap()
    }

    #[test]
    fn every_language_has_samples() {
        for language in crate::text::Language::ALL {
            let listed = |(tags, _): &(&str, _)| tags.split(' ').any(|tag| tag == language.tag);
            assert!(SAMPLES.iter().any(listed), "{}", language.tag);
        }
    }
}
