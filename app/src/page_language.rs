//! The language that the server renders a page in.
//!
//! In this order: what the address or the token asks for, the browser's
//! wishes, the tenant's own, English.

use http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use protocol::PageSettings;

use crate::text::Language;

/// What the server knows of a page's language beside the headers of the
/// request; a page is rendered with it in the context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageLanguage {
    /// What the attribute `lang` asks for: a BCP 47 tag.
    pub asked: Option<String>,
    /// What the tenant speaks: a BCP 47 tag.
    pub tenant: Option<String>,
}

/// A choice, and whether it was asked for by attribute.
pub(crate) struct Choice {
    pub(crate) language: &'static Language,
    pub(crate) asked: bool,
}

/// The language of the page that is being rendered.
pub(crate) fn choose() -> Choice {
    let known = use_context::<PageLanguage>().unwrap_or_default();
    let asked = known.asked.or_else(asked_by_settings);
    let asked = asked.as_deref().and_then(Language::of_tag);
    let language = asked
        .or_else(wished)
        .or_else(|| known.tenant.as_deref().and_then(Language::of_tag))
        .unwrap_or(Language::english());
    Choice {
        language,
        asked: asked.is_some(),
    }
}

/// What the attributes of a room's page ask for; on other pages, the address.
fn asked_by_settings() -> Option<String> {
    match use_context::<PageSettings>() {
        Some(settings) => settings.lang,
        None => asked_by_address(use_context::<Parts>()?.uri.query()?),
    }
}

/// `lang` in a query. A tag has no characters that are written with escapes.
fn asked_by_address(query: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(key, _)| *key == "lang")
        .map(|(_, tag)| tag.to_owned())
}

/// What the browser wishes.
fn wished() -> Option<&'static Language> {
    let parts = use_context::<Parts>()?;
    let headers = parts.headers.get_all(header::ACCEPT_LANGUAGE);
    let all: Vec<&str> = headers.iter().flat_map(HeaderValue::to_str).collect();
    Language::of_header(&all.join(","))
}

/// Tells caches and readers which language it is, and on what that depends.
pub(crate) fn announce(language: &'static Language) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(language.tag),
        );
        response.append_header(header::VARY, HeaderValue::from_static("accept-language"));
    }
}

/// The text file of an address of [`TEXTS_PATH`]; none if there is none, or
/// no more: after an update the version is another one.
#[must_use]
pub fn text_file(version: &str, file: &str) -> Option<&'static str> {
    let tag = file.strip_suffix(".json")?;
    let language = Language::of_tag(tag).filter(|language| language.tag == tag)?;
    (version == crate::text::version()).then(|| crate::text::compact(language))
}

/// Where text files are, for languages that are chosen while the page runs.
/// The version changes with the content, so they may be kept for ever.
pub const TEXTS_PATH: &str = "/texts/{version}/{file}";
