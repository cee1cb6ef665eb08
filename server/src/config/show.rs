//! Shows the settings that are in force, as a TOML file that would give them.

use std::fmt::Write;

use serde_json::Value;

use super::Loaded;

/// The settings in force, each with where it came from. A secret is shown as
/// `(set)`.
#[must_use]
pub fn show(loaded: &Loaded) -> String {
    let mut text = String::new();
    if let Some(file) = &loaded.file {
        push(&mut text, &format!("# read from {}", file.display()));
    }
    let sections = serde_json::to_value(&loaded.config).expect("settings are plain values");
    for (section, value) in sections.as_object().into_iter().flatten() {
        if let Value::Array(tables) = value {
            for (index, table) in tables.iter().enumerate() {
                let source = |key: &str| loaded.source_of(&format!("{section}.{index}.{key}"));
                push_table(&mut text, &format!("[[{section}]]"), table, source);
            }
            if tables.is_empty() {
                push(&mut text, &format!("\n# {section} is not set"));
            }
        } else {
            push_section(&mut text, loaded, section, value);
        }
    }
    text
}

/// A section, and those below it after its own keys, as TOML wants it.
fn push_section(text: &mut String, loaded: &Loaded, name: &str, section: &Value) {
    let mut keys = section.clone();
    let mut below = Vec::new();
    if let Value::Object(table) = &mut keys {
        table.retain(|key, value| {
            let is_section = value.is_object();
            if is_section {
                below.push((format!("{name}.{key}"), value.clone()));
            }
            !is_section
        });
    }
    let source = |key: &str| loaded.source_of(&format!("{name}.{key}"));
    push_table(text, &format!("[{name}]"), &keys, source);
    for (name, section) in below {
        push_section(text, loaded, &name, &section);
    }
}

fn push_table(text: &mut String, head: &str, table: &Value, source: impl Fn(&str) -> String) {
    if !text.is_empty() {
        text.push('\n');
    }
    push(text, head);
    for (key, value) in table.as_object().into_iter().flatten() {
        push(text, &line(key, value, &source(key)));
    }
}

fn line(key: &str, value: &Value, source: &str) -> String {
    match value {
        Value::Null => format!("# {key} is not set"),
        value => format!("{key} = {} # {source}", toml(value)),
    }
}

/// JSON's texts and numbers are TOML's as well; tables are not.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let items: Vec<String> = items.iter().map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(table) => {
            let pairs: Vec<String> = table
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| format!("{key} = {}", toml(value)))
                .collect();
            match pairs.is_empty() {
                true => "{}".to_owned(),
                false => format!("{{ {} }}", pairs.join(", ")),
            }
        }
        value => value.to_string(),
    }
}

fn push(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a String never fails");
}
