//! The languages there are, and which of them is meant.

/// A language of the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Language {
    /// BCP 47 tag, for `<html lang>` and for times.
    pub(crate) tag: &'static str,
    /// `ltr` or `rtl`.
    pub(crate) dir: &'static str,
    /// How those call it who speak it.
    pub(crate) name: &'static str,
}

const fn language(tag: &'static str, name: &'static str) -> Language {
    Language {
        tag,
        dir: "ltr",
        name,
    }
}

impl Language {
    /// All of them, in the order of the choice.
    pub(crate) const ALL: [Self; 14] = [
        language("en", "English"),
        language("fr", "Français"),
        language("de", "Deutsch"),
        language("lb", "Lëtzebuergesch"),
        language("ru", "Русский"),
        language("es", "Español"),
        language("pt", "Português"),
        language("nl", "Nederlands"),
        language("sv", "Svenska"),
        language("uk", "Українська"),
        language("zh", "简体中文"),
        language("it", "Italiano"),
        language("pl", "Polski"),
        Self {
            dir: "rtl",
            ..language("ar", "العربية")
        },
    ];

    /// What is spoken where nothing else is understood.
    pub(crate) const fn english() -> &'static Self {
        &Self::ALL[0]
    }

    /// The language of a tag, also of one that says more: `de-AT`, `zh_Hant`.
    #[cfg(any(feature = "ssr", target_arch = "wasm32", test))]
    pub(crate) fn of_tag(tag: &str) -> Option<&'static Self> {
        let tag = tag.trim();
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL
            .iter()
            .find(|language| language.tag.eq_ignore_ascii_case(primary))
    }

    /// The first that is there among those of an `Accept-Language` header
    /// (RFC 9110 §12.5.4). `*` and what is refused with `q=0` count as nothing.
    #[cfg(any(feature = "ssr", test))]
    pub(crate) fn of_header(header: &str) -> Option<&'static Self> {
        let mut wishes: Vec<(u16, &str)> = header.split(',').filter_map(wish).collect();
        // stable: of two that are wished alike, the first one counts
        wishes.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        wishes.into_iter().find_map(|(_, tag)| Self::of_tag(tag))
    }
}

/// One range of the header with its quality in thousandths.
#[cfg(any(feature = "ssr", test))]
fn wish(part: &str) -> Option<(u16, &str)> {
    let mut pieces = part.split(';').map(str::trim);
    let tag = pieces.next().filter(|tag| !tag.is_empty())?;
    let quality = pieces
        .find_map(|piece| piece.strip_prefix("q=").or(piece.strip_prefix("Q=")))
        .map_or(Some(1.0), |value| value.trim().parse::<f32>().ok())?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=1000"
    )]
    let thousandths = (quality.clamp(0.0, 1.0) * 1000.0) as u16;
    (thousandths > 0).then_some((thousandths, tag))
}

#[cfg(test)]
mod tests {
    use super::Language;

    fn tag(language: Option<&'static Language>) -> Option<&'static str> {
        language.map(|language| language.tag)
    }

    #[test]
    fn a_tag_may_say_more_than_the_language() {
        assert_eq!(tag(Language::of_tag("de-AT")), Some("de"));
        assert_eq!(tag(Language::of_tag("zh-Hans-CN")), Some("zh"));
        assert_eq!(tag(Language::of_tag("PT_br")), Some("pt"));
        assert_eq!(tag(Language::of_tag("tlh")), None);
        assert_eq!(tag(Language::of_tag("")), None);
        assert_eq!(tag(Language::of_tag("english")), None);
    }

    #[test]
    fn a_header_gives_the_dearest_language_that_is_there() {
        let cases = [
            ("tlh, en-GB;q=0.8, *;q=0.1", Some("en")),
            ("fr;q=0.7, de-AT;q=0.9, en;q=0.8", Some("de")),
            ("fr;q=0.7,de;q=0.7", Some("fr")),
            ("ru", Some("ru")),
            ("de;Q=0.5 , lb ; q=0.6", Some("lb")),
            ("de;q=0, tlh", None),
            ("de;q=nonsense, *", None),
            ("", None),
        ];
        for (header, wanted) in cases {
            assert_eq!(tag(Language::of_header(header)), wanted, "{header}");
        }
    }
}
