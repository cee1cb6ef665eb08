//! Texts of integrators that participants get to see: plain, short, harmless.

/// The most characters that are shown.
const LENGTH_MAX: usize = 500;

/// A text without control characters and without what turns the direction of
/// writing, cut to [`LENGTH_MAX`] characters. None when nothing is left, or
/// when it is a page rather than a text.
pub(super) fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with('<') {
        return None;
    }
    let clean: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !turns_direction(*c))
        .take(LENGTH_MAX)
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// Embeddings, overrides and isolates, which would reach beyond the text.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_as_it_is() {
        let text = "The lesson is over. — Урок окончен, انتهى الدرس";
        assert_eq!(plain(text).as_deref(), Some(text));
    }

    #[test]
    fn what_does_harm_is_dropped() {
        let text = " a\u{0}b\u{1b}[31m\nc\u{202e}d\u{2067} ";
        assert_eq!(plain(text).as_deref(), Some("ab[31m cd"));
        for nothing in ["", " \n", "\u{7}", "<!doctype html><p>Locked"] {
            assert_eq!(plain(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        let long = "ü".repeat(2_000);
        assert_eq!(plain(&long).map(|text| text.chars().count()), Some(500));
    }
}
