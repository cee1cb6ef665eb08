//! `/metrics`: what it counts, in which form, and for whom.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod dashboard;
mod exposition;
mod numbers;
