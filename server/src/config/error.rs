//! Says what is wrong with a setting so that the operator finds it at once.

use std::fmt;

use figment::{Figment, Metadata, error::Kind, value::Value};

use super::{PREFIX, allowed};

/// One wrong setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, with a dot between section and name.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// The file or the environment variable that it stands in.
    pub source: String,
    /// What would be right.
    pub allowed: String,
}

impl Problem {
    /// A wrong value of a known key, from a source that is looked up later.
    pub(super) fn new(key: &str, what: String) -> Self {
        Self {
            key: key.to_owned(),
            what,
            source: String::new(),
            allowed: allowed(key).unwrap_or_default().to_owned(),
        }
    }

    pub(super) fn found_in(mut self, figment: &Figment) -> Self {
        self.source = source_of(figment, &self.key);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            what,
            source,
            allowed,
        } = self;
        write!(f, "{key}: {what}\n  found in: {source}")?;
        if !allowed.is_empty() {
            write!(f, "\n  allowed: {allowed}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    pub(super) fn one(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration is wrong.")?;
        self.problems.iter().try_for_each(|p| write!(f, "\n{p}"))
    }
}

impl From<figment::Error> for ConfigError {
    fn from(error: figment::Error) -> Self {
        Self {
            problems: error.into_iter().map(|error| problem(&error)).collect(),
        }
    }
}

fn problem(error: &figment::Error) -> Problem {
    let mut path = error.path.clone();
    let (what, known) = match &error.kind {
        Kind::UnknownField(name, known) => {
            if path.last() != Some(name) {
                path.push(name.clone());
            }
            let what = "there is no such key".to_owned();
            (what, Some(format!("one of {}", known.join(", "))))
        }
        Kind::UnknownVariant(name, known) => {
            let what = format!("{name:?} is not known");
            (what, Some(format!("one of {}", known.join(", "))))
        }
        // a setting of a tenant that cannot be read may hold a secret
        Kind::InvalidType(..) | Kind::InvalidValue(..) if path.first().is_some_and(is_tenants) => {
            ("it has another form".to_owned(), None)
        }
        Kind::InvalidType(found, _) | Kind::InvalidValue(found, _) => {
            (format!("found {found}"), None)
        }
        kind => (without_quotes(&kind.to_string()), None),
    };
    let key = path.join(".");
    Problem {
        source: describe(error.metadata.as_ref(), &key),
        allowed: known
            .or_else(|| allowed(&key).map(str::to_owned))
            .unwrap_or_default(),
        key: if key.is_empty() {
            "(file)".to_owned()
        } else {
            key
        },
        what,
    }
}

/// The part of a key before the number of a list.
fn names(key: &str) -> &str {
    let mut end = 0;
    for part in key.split_inclusive('.') {
        if part.trim_end_matches('.').parse::<usize>().is_ok() {
            return key[..end].trim_end_matches('.');
        }
        end += part.len();
    }
    key
}

fn is_tenants(section: &String) -> bool {
    section == "tenants"
}

/// The parser quotes the line that it does not understand, which may hold a
/// secret: line and column are enough.
fn without_quotes(message: &str) -> String {
    let quoted = |line: &&str| {
        let (number, rest) = line.split_once('|').unwrap_or((line, ""));
        line.contains('|')
            && number.trim().chars().all(|c| c.is_ascii_digit())
            && rest.len() < line.len()
    };
    let lines: Vec<&str> = message.lines().filter(|line| !quoted(line)).collect();
    lines.join("\n").trim_end().to_owned()
}

/// Where the value of a key came from, for people.
pub(super) fn source_of(figment: &Figment, key: &str) -> String {
    match find(figment, key) {
        None => "default".to_owned(),
        Some(value) => describe(figment.get_metadata(value.tag()), key),
    }
}

/// A value by its key, whose parts may be numbers of lists.
fn find(figment: &Figment, key: &str) -> Option<Value> {
    let mut parts = key.split('.');
    let mut value = figment.find_value(parts.next()?).ok()?;
    for part in parts {
        value = match value {
            Value::Dict(_, mut table) => table.remove(part)?,
            Value::Array(_, mut list) => {
                let index = part.parse().ok().filter(|index| *index < list.len())?;
                list.swap_remove(index)
            }
            _ => return None,
        };
    }
    Some(value)
}

fn describe(metadata: Option<&Metadata>, key: &str) -> String {
    let Some(metadata) = metadata else {
        return "unknown".to_owned();
    };
    match &metadata.source {
        Some(source) => source.to_string(),
        // a variable holds a whole list
        None => format!(
            "environment variable {PREFIX}{}",
            names(key).to_uppercase().replace('.', "__")
        ),
    }
}
