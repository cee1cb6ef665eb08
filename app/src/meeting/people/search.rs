//! Finding names: capitals and accents make no difference.

/// A name, or a part of one, in the form that is compared.
pub(super) fn folded(text: &str) -> String {
    decomposed(text.trim())
        .chars()
        .filter(|c| !is_accent(*c))
        .collect()
}

/// Whether a name contains what was typed, which must be folded.
pub(super) fn finds(typed: &str, name: &str) -> bool {
    typed.is_empty() || folded(name).contains(typed)
}

/// Marks that stand above or below a letter.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Small letters, accents apart from them. The browser knows all of Unicode.
#[cfg(target_arch = "wasm32")]
fn decomposed(text: &str) -> String {
    js_sys::JsString::from(text)
        .normalize("NFD")
        .to_lower_case()
        .into()
}

/// The server draws no lists.
#[cfg(not(target_arch = "wasm32"))]
fn decomposed(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_accents_and_spaces_around_make_no_difference() {
        assert!(finds(&folded(" ZOE\u{308} "), "Zoe"));
        assert!(finds(&folded("zoe"), "Zoe\u{308} Müller"));
    }

    #[test]
    fn nothing_typed_finds_everybody() {
        assert!(finds("", "Ada"));
        assert!(!finds("b", "Ada"));
    }
}
