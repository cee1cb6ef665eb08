//! Shows the settings that are in force, as a TOML file that would give them.

use std::fmt::Write;

use serde_json::Value;

use super::Loaded;

/// The settings in force, each with where it came from. Holds no secret: no
/// key of the settings is one.
#[must_use]
pub fn show(loaded: &Loaded) -> String {
    let mut text = String::new();
    if let Some(file) = &loaded.file {
        push(&mut text, &format!("# read from {}", file.display()));
    }
    let sections = serde_json::to_value(&loaded.config).expect("settings are plain values");
    for (section, keys) in sections.as_object().into_iter().flatten() {
        if !text.is_empty() {
            text.push('\n');
        }
        push(&mut text, &format!("[{section}]"));
        for (key, value) in keys.as_object().into_iter().flatten() {
            let source = loaded.source_of(&format!("{section}.{key}"));
            push(&mut text, &line(key, value, &source));
        }
    }
    text
}

/// JSON's texts, numbers and lists are TOML's as well.
fn line(key: &str, value: &Value, source: &str) -> String {
    match value {
        Value::Null => format!("# {key} is not set"),
        value => format!("{key} = {value} # {source}"),
    }
}

fn push(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a String never fails");
}
