//! What a tenant's settings must be, beyond their form.

use http::HeaderValue;
use protocol::Brand;
use url::Url;

use super::{KeySettings, Secret, TenantSettings};
use crate::{tenant::host, token::Key, webhooks::SigningKey};

/// Longer names of a brand do not fit a page's head.
const BRAND_NAME_MAX: usize = 80;
/// Longer URLs are refused by browsers and servers.
pub(crate) const URL_MAX: usize = 2_048;
const LEEWAY_MAX: u32 = 3_600;

/// A key below the tenant, and what is wrong with its value.
type Found = (String, String);

/// Everything that is wrong with a tenant by itself.
pub(super) fn all(tenant: &TenantSettings) -> Vec<Found> {
    let mut found = Vec::new();
    let mut add = |key: &str, wrong: Option<String>| {
        found.extend(wrong.map(|what| (key.to_owned(), what)));
    };
    add("hostname", wrong_hostname(&tenant.hostname));
    for origin in &tenant.embed_origins {
        add("embed_origins", wrong_origin(origin));
    }
    let private = tenant.allow_private_targets;
    add("access_url", wrong_target(&tenant.access_url, private));
    add("event_url", wrong_target(&tenant.event_url, private));
    let access = &tenant.access_authorization;
    add("access_authorization", wrong_header(access));
    let event = &tenant.event_authorization;
    add("event_authorization", wrong_header(event));
    add("event_secret", wrong_secret(&tenant.event_secret));
    let nowhere = !tenant.events.is_empty() && tenant.event_url.is_none();
    add(
        "events",
        nowhere.then(|| "there is no event_url to tell them to".to_owned()),
    );
    add("language", wrong_language(&tenant.language));
    if tenant.token_leeway_seconds > LEEWAY_MAX {
        let what = format!("{} is too much", tenant.token_leeway_seconds);
        add("token_leeway_seconds", Some(what));
    }
    found.extend(brand(&tenant.brand));
    found.extend(keys(&tenant.jwt_keys));
    found
}

fn wrong_hostname(name: &str) -> Option<String> {
    let good = name == "*" || host::is_name(name);
    (!good).then(|| format!("{name:?} is no host name"))
}

/// Origins go into a header of every page: nothing but what an origin has.
fn wrong_origin(origin: &str) -> Option<String> {
    let good = origin == "*" || is_origin(origin);
    (!good).then(|| format!("{origin:?} is no origin"))
}

fn is_origin(origin: &str) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else {
        return false;
    };
    let (name, port) = match rest.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (rest, None),
    };
    matches!(scheme, "http" | "https")
        && host::is_name(name.strip_prefix("*.").unwrap_or(name))
        && port.is_none_or(|port| port == "*" || port.parse::<u16>().is_ok())
}

fn wrong_target(target: &Option<String>, private: bool) -> Option<String> {
    let wrong = target_url(target.as_deref()?, private).err()?;
    Some(wrong.to_owned())
}

/// A URL that requests may be sent to.
///
/// # Errors
/// Says what is wrong with it, without repeating it.
pub(crate) fn target_url(text: &str, private: bool) -> Result<Url, &'static str> {
    let url = https_url(text, private)?;
    match url.username().is_empty() && url.password().is_none() {
        true => Ok(url),
        false => Err("the URL has a user name or a password"),
    }
}

fn https_url(text: &str, http_too: bool) -> Result<Url, &'static str> {
    if text.len() > URL_MAX {
        return Err("the URL is too long");
    }
    let url = Url::parse(text.trim()).map_err(|_| "it is no URL")?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if http_too => Ok(url),
        _ => Err("the URL does not start with https://"),
    }
}

fn wrong_header(value: &Option<Secret>) -> Option<String> {
    let good = is_header(value.as_ref()?.expose());
    (!good).then(|| "it is no value of a header".to_owned())
}

/// Whether a text can be the value of a header.
pub(crate) fn is_header(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= URL_MAX && HeaderValue::from_str(text).is_ok()
}

fn wrong_secret(secret: &Option<Secret>) -> Option<String> {
    let wrong = SigningKey::parse(secret.as_ref()?.expose()).err()?;
    Some(wrong.to_string())
}

fn wrong_language(tag: &Option<String>) -> Option<String> {
    let tag = tag.as_deref()?;
    (!is_language(tag)).then(|| format!("{tag:?} is no language tag"))
}

/// Whether a text has the form of a language tag (BCP 47), such as `pt-BR`.
pub(crate) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    tag.len() <= 35
        && (2..=8).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

fn brand(brand: &Brand) -> Vec<Found> {
    let name = brand.name.as_deref().filter(|name| {
        let length = name.trim().chars().count();
        length == 0 || length > BRAND_NAME_MAX
    });
    let logo = brand.logo.as_deref().filter(|logo| !is_logo(logo));
    let accent = brand.accent.as_deref().filter(|text| !is_colour(text));
    let found = |key: &str, value: &str| (format!("brand.{key}"), format!("{value:?} is wrong"));
    [
        name.map(|value| found("name", value)),
        logo.map(|value| found("logo", value)),
        accent.map(|value| found("accent", value)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is_logo(logo: &str) -> bool {
    let path = logo.starts_with('/') && !logo.starts_with("//") && !logo.contains('\\');
    path || https_url(logo, false).is_ok()
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit())
}

fn keys(keys: &[KeySettings]) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let mut add = |name: &str, what: String| {
            let what = format!("key {:?}: {what}", key.kid);
            found.push((format!("jwt_keys.{index}.{name}"), what));
        };
        if key.kid.is_empty() {
            add("kid", "it has no name".to_owned());
        }
        if keys[..index].iter().any(|other| other.kid == key.kid) {
            add("kid", "another key of the tenant has this name".to_owned());
        }
        if let Err(bad) = Key::load(key) {
            add(bad.setting(), bad.to_string());
        }
    }
    found
}
