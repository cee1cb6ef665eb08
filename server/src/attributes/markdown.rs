//! `docs/URL_ATTRIBUTES.md`, from the table.

use std::fmt::Write;

use super::{Attribute, Rooms, SCHEMA, Sources};

const HEAD: &str = "\
# Attributes of a room's address

<!-- Written by `meetframe attributes`; a test compares. Change server/src/attributes/schema.rs. -->

An address such as `https://meet.example.org/call/?roomId=standup&displayName=Anna&lang=de`
says which room, who comes, and what the page looks like. Attributes stand in
the query of the address, or signed in a token (`token=…`, a JWT).

- A value in the token wins over the same attribute of the address. A bad value
  in the token gives the default, whatever the address says.
- Names that are not known are ignored. A bad value gives the default.
  `GET /explain?…` with the same query tells what is in force, where it came
  from, what was refused and why. It never shows a secret.
- Yes and no are `true` and `false`, or `1` and `0`, in any case. A flag without
  a value means yes: `&sortPeers` is `&sortPeers=true`. Other attributes without
  a value are as if they were not there.
- In an address, an attribute that stands there twice has its first value.
- Times without a zone are UTC. Numbers above 100,000,000,000 are milliseconds,
  smaller ones are seconds.
- A token's `exp` and `nbf` are honoured when they are there. Its `roomId` binds
  it to that room: at another address it is refused.

";

/// The whole document.
#[must_use]
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("| attribute | where | value | default |\n|---|---|---|---|\n");
    for row in &SCHEMA {
        let line = format!(
            "| [`{}`](#{}) | {} | {} | {} |\n",
            row.name,
            row.name.to_lowercase(),
            place(row),
            row.kind,
            row.default
        );
        text.push_str(&line);
    }
    for row in &SCHEMA {
        section(&mut text, row);
    }
    text
}

fn section(text: &mut String, row: &Attribute) {
    let mut line = |line: String| {
        writeln!(text, "{line}").expect("writing to a String never fails");
    };
    line(format!("\n## {}\n\n{}\n", row.name, row.summary));
    line(format!("- Where: {}", place(row)));
    line(format!("- Value: {}", row.kind));
    line(format!("- Default: {}", row.default));
    if !row.aliases.is_empty() {
        line(format!("- Also written: `{}`", row.aliases.join("`, `")));
    }
    if row.rooms == Rooms::Webinar {
        line("- Webinars only".to_owned());
    }
    if row.debug_only {
        line(
            "- In an address it counts only where the tenant has `debug_attributes`, for trying; \
             else it belongs into the tenant's settings"
                .to_owned(),
        );
    }
}

fn place(row: &Attribute) -> &'static str {
    match row.sources {
        Sources::Url => "address",
        Sources::Token => "token",
        Sources::Both => "token, address",
    }
}
