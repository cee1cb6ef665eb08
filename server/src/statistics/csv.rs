//! Attendance as CSV (RFC 4180), made so that a spreadsheet that opens it runs
//! nothing of what people called themselves.

use super::Stay;
use crate::token::Moment;

/// The first line.
pub(super) const HEADER: &str =
    "person_id,display_name,role,interface,join_time,leave_time,duration_seconds\r\n";

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The line of somebody's stay.
#[must_use]
pub fn line(stay: &Stay) -> String {
    let visit = &stay.visit;
    let texts = [&visit.peer, &stay.display_name, &stay.role, &stay.interface];
    let texts = texts.map(|text| field(text)).join(",");
    let join = Moment(visit.joined_at);
    let leave = match stay.goes_on {
        true => String::new(),
        false => Moment(visit.left_at).to_string(),
    };
    let seconds = visit
        .left_at
        .seconds()
        .saturating_sub(visit.joined_at.seconds());
    format!("{texts},{join},{leave},{seconds}\r\n")
}

/// A text: in quotes where it has to be, and with an apostrophe before what
/// looks like a formula, which spreadsheets show as text then.
fn field(text: &str) -> String {
    let begins = text.trim_start_matches(' ').chars().next();
    let quiet = match begins.is_some_and(|c| FORMULA.contains(&c) || is_wide_formula(c)) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match quiet.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", quiet.replace('"', "\"\"")),
        false => quiet,
    }
}

/// The same signs as wide as a Chinese one: some spreadsheets take them, too.
fn is_wide_formula(c: char) -> bool {
    matches!(c, '＝' | '＋' | '－' | '＠')
}
