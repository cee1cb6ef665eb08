//! The REST API as a backend sees it: tokens, logins, limits, refusals, the
//! document.

#[path = "../support/meeting.rs"]
mod meeting;
#[path = "../support/mod.rs"]
mod support;

mod commands;
mod document;
mod granting;
mod limits;
mod login;
mod nul;
mod once;
mod people;
mod plans;
mod plans_at_once;
mod recordings;
mod repeated;
mod rooms;
mod scopes;
mod tokens;
