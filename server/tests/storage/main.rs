//! Videos in a store: a real one that speaks S3 over HTTP, on its way there,
//! while it is away, and back.

#[path = "../support/mod.rs"]
mod support;

mod database;
mod gate;
mod playing;
mod s3;
mod settings;
mod uploading;
mod videos;
