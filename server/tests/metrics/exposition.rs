//! Reads OpenMetrics' text as strictly as the standard has it (1.0.0), with
//! the advice that `promtool check metrics` gives. What is wrong panics.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{TestServer, http};

/// The types that this server uses.
const TYPES: [&str; 4] = ["counter", "gauge", "histogram", "info"];

/// What was exposed.
pub(crate) struct Exposition {
    /// Values by name and labels, as they stand there.
    samples: BTreeMap<String, f64>,
    /// Names of samples, which queries use.
    pub(crate) names: BTreeSet<String>,
    /// All names of labels.
    pub(crate) labels: BTreeSet<String>,
    pub(crate) text: String,
}

impl Exposition {
    /// What a server exposes to the machine itself.
    pub(crate) async fn of(server: &TestServer) -> Self {
        let answer = http::get(server.address(), "/metrics", &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        Self::read(answer.text())
    }

    pub(crate) fn read(text: String) -> Self {
        let body = text.strip_suffix("# EOF\n").expect("an end, and no more");
        let mut reader = Reader::default();
        for line in body.lines() {
            match line.strip_prefix("# ") {
                Some(meta) => reader.meta(meta),
                None => reader.sample(line),
            }
        }
        reader.end_family();
        Self {
            samples: reader.samples,
            names: reader.names,
            labels: reader.labels,
            text,
        }
    }

    /// A value by its name and labels, as they stand in the text.
    pub(crate) fn value(&self, sample: &str) -> f64 {
        let value = self.samples.get(sample);
        *value.unwrap_or_else(|| panic!("no {sample} in {}", self.text))
    }
}

#[derive(Default)]
struct Reader {
    /// The family that the lines belong to: its name and type.
    family: Option<(String, Option<String>)>,
    /// Samples of the family.
    count: usize,
    families: BTreeSet<String>,
    samples: BTreeMap<String, f64>,
    names: BTreeSet<String>,
    labels: BTreeSet<String>,
}

impl Reader {
    /// `HELP name text`, `TYPE name type` or `UNIT name unit`.
    fn meta(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_else(|| panic!("{line}"));
        let (keyword, name, rest) = (word(), word(), word());
        assert!(is_name(name), "{line}");
        match keyword {
            "HELP" => {
                self.end_family();
                assert!(!rest.trim().is_empty(), "{line}");
                let new = self.families.insert(name.to_owned());
                assert!(new, "a family stands in one place: {line}");
                self.family = Some((name.to_owned(), None));
            }
            "TYPE" => {
                assert!(TYPES.contains(&rest), "{line}");
                let (family, kind) = self.family.as_mut().expect("HELP comes first");
                assert_eq!((family.as_str(), &*kind), (name, &None), "{line}");
                *kind = Some(rest.to_owned());
                // the suffixes belong to samples
                for suffix in ["_total", "_info", "_bucket", "_sum", "_count"] {
                    assert!(!name.ends_with(suffix), "{line}");
                }
            }
            "UNIT" => assert!(name.ends_with(&format!("_{rest}")), "{line}"),
            _ => panic!("{line}"),
        }
    }

    /// `name{label="value",…} number`.
    fn sample(&mut self, line: &str) {
        let (series, number) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let value: f64 = number.parse().unwrap_or_else(|_| panic!("{line}"));
        let (name, labels) = match series.split_once('{') {
            Some((name, rest)) => (name, rest.strip_suffix('}').expect("a closing brace")),
            None => (series, ""),
        };
        self.belongs(name, value, line);
        self.read_labels(labels, line);
        self.count += 1;
        self.names.insert(name.to_owned());
        let again = self.samples.insert(series.to_owned(), value);
        assert!(again.is_none(), "twice: {line}");
    }

    fn belongs(&self, name: &str, value: f64, line: &str) {
        let (family, kind) = self.family.as_ref().expect("a family comes first");
        let kind = kind.as_deref().expect("a type comes first");
        let suffix = name.strip_prefix(family.as_str());
        let suffix = suffix.unwrap_or_else(|| panic!("not of {family}: {line}"));
        let good = match kind {
            "counter" => suffix == "_total" && value >= 0.0 && value.is_finite(),
            "gauge" => suffix.is_empty(),
            "info" => suffix == "_info" && (value - 1.0).abs() < f64::EPSILON,
            _ => ["_sum", "_count", "_bucket"].contains(&suffix) && value >= 0.0,
        };
        assert!(good, "{line}");
    }

    fn read_labels(&mut self, labels: &str, line: &str) {
        let mut seen = BTreeSet::new();
        let mut rest = labels;
        while !rest.is_empty() {
            let (name, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(name) && !name.contains(':'), "{line}");
            assert!(seen.insert(name), "a label twice: {line}");
            self.labels.insert(name.to_owned());
            let (value, more) = value.split_once('"').unwrap_or_else(|| panic!("{line}"));
            assert!(!value.contains(['\\', '\n']), "{line}");
            rest = more.strip_prefix(',').unwrap_or(more);
            assert!(more.is_empty() || more.len() > rest.len(), "{line}");
        }
    }

    fn end_family(&mut self) {
        if let Some((name, kind)) = self.family.take() {
            assert!(kind.is_some(), "{name} has no type");
            let empty_family = name.starts_with("meetframe_http_");
            assert!(self.count > 0 || empty_family, "{name} has no samples");
        }
        self.count = 0;
    }
}

fn is_name(text: &str) -> bool {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(good)
}
