//! How the words of a section are declared and read: one macro, and the kinds
//! of words that there are.

use super::{plural::Category, source::Source};

/// Something that stands under a key of a text file.
pub(super) trait Word {
    /// Reads it.
    fn read(source: &Source<'_>, key: &'static str) -> Self;
}

impl Word for &'static str {
    fn read(source: &Source<'_>, key: &'static str) -> Self {
        source.string(key)
    }
}

/// A section: a struct whose fields are the keys of an object of the same
/// name in the text files.
macro_rules! section {
    ($(#[$meta:meta])* $name:ident { $($key:ident: $kind:ty),* $(,)? }) => {
        $(#[$meta])*
        pub(crate) struct $name {
            $(pub(crate) $key: $kind,)*
        }

        impl crate::text::words::Word for $name {
            fn read(source: &crate::text::source::Source<'_>, key: &'static str) -> Self {
                let source = source.section(key);
                source.nothing_but(&[$(stringify!($key)),*]);
                Self {
                    $($key: crate::text::words::Word::read(&source, stringify!($key)),)*
                }
            }
        }
    };
}
pub(super) use section;

/// A title and what to do about it: an object with these two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explanation {
    pub(crate) title: &'static str,
    pub(crate) hint: &'static str,
}

impl Word for Explanation {
    fn read(source: &Source<'_>, key: &'static str) -> Self {
        let source = source.section(key);
        source.nothing_but(&["title", "hint"]);
        Self {
            title: source.string("title"),
            hint: source.string("hint"),
        }
    }
}

/// A sentence with gaps: `"{name} joined"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Template(&'static str);

impl Template {
    /// The sentence with its only gap filled.
    pub(crate) fn with(&self, value: impl AsRef<str>) -> String {
        fill(self.0, Marks::Isolate, |_| Some(value.as_ref()))
    }

    /// The sentence with each gap filled by its name. A gap that nobody fills
    /// stays as it is written.
    pub(crate) fn fill(&self, values: &[(&str, &str)]) -> String {
        fill(self.0, Marks::Isolate, |gap| value_of(values, gap))
    }

    /// The sentence for other programs, such as a mail: what is filled in has
    /// no marks around it, which would become part of a link.
    pub(crate) fn fill_plain(&self, values: &[(&str, &str)]) -> String {
        fill(self.0, Marks::None, |gap| value_of(values, gap))
    }
}

impl Word for Template {
    fn read(source: &Source<'_>, key: &'static str) -> Self {
        Self(source.string(key))
    }
}

/// A sentence with a number in it, in the forms that the language has:
/// `{"one": "{count} person", "other": "{count} people"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plural {
    tag: &'static str,
    forms: [Option<&'static str>; Category::ALL.len()],
    other: &'static str,
}

impl Plural {
    /// The sentence for so many; the gap `{count}` holds the number.
    pub(crate) fn of(&self, count: impl TryInto<u64>) -> String {
        self.fill(count, &[])
    }

    /// The sentence for so many, with more gaps than the number's.
    pub(crate) fn fill(&self, count: impl TryInto<u64>, values: &[(&str, &str)]) -> String {
        // fails only for numbers that no room counts up to
        let count = count.try_into().unwrap_or(u64::MAX);
        let category = Category::of(self.tag, count);
        let form = self.forms[category as usize].unwrap_or(self.other);
        let digits = count.to_string();
        fill(form, Marks::Isolate, |gap| match gap {
            "count" => Some(&digits),
            _ => value_of(values, gap),
        })
    }
}

impl Word for Plural {
    fn read(source: &Source<'_>, key: &'static str) -> Self {
        let tag = source.tag();
        let source = source.section(key);
        source.nothing_but(&Category::ALL.map(Category::key));
        let forms = Category::ALL.map(|category| {
            Category::all_of(tag)
                .contains(&category)
                .then(|| source.string(category.key()))
        });
        Self {
            tag,
            forms,
            other: forms[Category::Other as usize].unwrap_or(key),
        }
    }
}

fn value_of<'v>(values: &[(&str, &'v str)], gap: &str) -> Option<&'v str> {
    values
        .iter()
        .find(|(name, _)| *name == gap)
        .map(|(_, value)| *value)
}

/// Whether what is filled in is kept apart from the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// Where one of both is written from right to left; else signs at the
    /// edges would jump.
    Isolate,
    None,
}

/// Fills the gaps.
fn fill<'v>(sentence: &str, marks: Marks, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let isolate = marks == Marks::Isolate;
    let turned = has_right_to_left(sentence);
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((gap, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match value(gap) {
            Some(value) if isolate && (turned || has_right_to_left(value)) => {
                filled.extend([FIRST_STRONG_ISOLATE, value, POP_ISOLATE]);
            }
            Some(value) => filled.push_str(value),
            None => filled.extend(["{", gap, "}"]),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

const FIRST_STRONG_ISOLATE: &str = "\u{2068}";
const POP_ISOLATE: &str = "\u{2069}";

/// Hebrew, Arabic and their neighbours.
fn has_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_by_name() {
        let template = Template("{kind} {number}, {what}");
        let filled = template.fill(&[("number", "2"), ("kind", "Camera")]);
        assert_eq!(filled, "Camera 2, {what}");
        assert_eq!(Template("Pin {name}").with("Ann"), "Pin Ann");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(
            Template("{name} joined").with("{name} {"),
            "{name} { joined"
        );
    }

    #[test]
    fn names_of_the_other_direction_are_kept_apart() {
        assert_eq!(
            Template("{name} joined").with("ليلى"),
            "\u{2068}ليلى\u{2069} joined"
        );
        assert_eq!(
            Template("انضم {name}").with("Ann"),
            "انضم \u{2068}Ann\u{2069}"
        );
    }

    #[test]
    fn what_goes_to_other_programs_has_no_marks() {
        let template = Template("الرابط: {link}");
        assert_eq!(
            template.fill_plain(&[("link", "https://example.org/")]),
            "الرابط: https://example.org/"
        );
    }

    #[test]
    fn a_plural_takes_the_form_of_its_language() {
        let mut forms = [None; 6];
        forms[Category::One as usize] = Some("{count} участник");
        forms[Category::Few as usize] = Some("{count} участника");
        forms[Category::Many as usize] = Some("{count} участников");
        let plural = Plural {
            tag: "ru",
            forms,
            other: "{count} участника",
        };
        assert_eq!(plural.of(21_u32), "21 участник");
        assert_eq!(plural.of(3_usize), "3 участника");
        assert_eq!(plural.of(11_u32), "11 участников");
    }
}
