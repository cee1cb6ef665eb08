//! ICE-lite (RFC 8445 §2.5): answers connectivity checks and learns from them
//! where the client is.
//!
//! Owns credentials, the check of requests and the choice of the path. Routing
//! datagrams to the right agent and sending belong to the worker.

mod agent;
mod credentials;
mod request;

#[cfg(test)]
mod tests;

pub(crate) use agent::{Agent, Path};
pub(crate) use credentials::fresh as fresh_credentials;
pub(crate) use request::{Reply, local_ufrag, refuse};
