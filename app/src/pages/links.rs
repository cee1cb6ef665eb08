//! Links of the start pages: who asked for a language by the address keeps it
//! from page to page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::text::text;

/// The attribute that asks for a language.
const LANG: &str = "lang";

/// The language to hand on: where the address asks for one, the one that is
/// shown by now.
pub(super) fn asked_language() -> Option<&'static str> {
    let asked = use_query_map().with_untracked(|query| query.get_str(LANG).is_some());
    asked.then(|| text().lang)
}

/// A path of ours with the language.
pub(super) fn with_language(path: &str, language: Option<&str>) -> String {
    let Some(language) = language else {
        return path.to_owned();
    };
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{LANG}={language}")
}

/// The same for a form.
#[component]
pub(super) fn LanguageField() -> impl IntoView {
    asked_language().map(|tag| view! { <input type="hidden" name=LANG value=tag /> })
}

#[cfg(test)]
mod tests {
    use super::with_language;

    #[test]
    fn language_is_added_to_a_path_with_and_without_a_query() {
        assert_eq!(with_language("/", Some("de")), "/?lang=de");
        let new = "/new?kind=call";
        assert_eq!(with_language(new, Some("de")), "/new?kind=call&lang=de");
        assert_eq!(with_language(new, None), new);
    }
}
