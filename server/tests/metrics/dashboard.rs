//! The dashboard that comes with the server asks for what the server serves.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::{exposition::Exposition, support::TestServer};

fn dashboard() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../docs/grafana/meetframe.json");
    let text = fs::read_to_string(path).expect("the dashboard");
    serde_json::from_str(&text).expect("JSON")
}

/// Every value of this key, wherever it stands.
fn all<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == key => found.push(text),
                    other => all(other, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all(item, key, found)),
        _ => {}
    }
}

/// The names of metrics in a query.
fn names(query: &str) -> impl Iterator<Item = &str> {
    query
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("meetframe_") || word.starts_with("process_"))
}

#[tokio::test]
async fn each_query_names_metrics_that_are_served() {
    let server = TestServer::start().await;
    // there are no numbers of requests before the first one
    drop(Exposition::of(&server).await);
    let shown = Exposition::of(&server).await;
    let dashboard = dashboard();
    let mut queries = Vec::new();
    all(&dashboard, "expr", &mut queries);
    assert!(queries.len() > 15);
    let mut asked = BTreeSet::new();
    for query in queries {
        assert!(names(query).next().is_some(), "{query}");
        for name in names(query) {
            assert!(shown.names.contains(name), "{name} in {query}");
            asked.insert(name);
        }
    }
    for name in [
        "meetframe_rooms",
        "meetframe_people",
        "meetframe_media_cpu_seconds_total",
        "meetframe_media_sent_bytes_total",
        "meetframe_media_lost_sent_packets_total",
        "meetframe_webhook_lag_seconds",
        "meetframe_database_errors_total",
    ] {
        assert!(asked.contains(name), "the dashboard does not show {name}");
    }
}

#[test]
fn panels_have_places_of_their_own_and_no_fixed_data_source() {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: BTreeSet<u64> = panels.iter().filter_map(|p| p["id"].as_u64()).collect();
    assert_eq!(ids.len(), panels.len());
    let places: BTreeSet<String> = panels.iter().map(|p| p["gridPos"].to_string()).collect();
    assert_eq!(places.len(), panels.len());
    let mut sources = Vec::new();
    all(&dashboard["panels"], "uid", &mut sources);
    assert!(sources.iter().all(|uid| *uid == "${datasource}"));
}
