//! Measures what an integrator's backend waits for: an answer of the REST API,
//! and a webhook after what it tells of.
//!
//! The server has the first core, all that asks and listens the second. Beside
//! each stands a floor of the same run, on the same cores, with the same
//! client: a bare handler, and a bare POST.

mod answers;
pub mod bare;
mod hooks;
mod http;

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;

use crate::{cpu, output, server::Server};

/// Measures and prints the tables. Says so when there is no server to measure.
///
/// # Errors
/// When the server does not do what it is asked for, or the results cannot be
/// written.
pub fn run(time: Duration) -> Result<()> {
    let listener = hooks::Listener::open()?;
    let settings = settings(listener.address());
    let server = match Server::start_with(cpu::SERVER_CORE, &settings) {
        Ok(server) => server,
        Err(error) => {
            output::show(&format!("\nREST is left out: {error:#}"));
            return Ok(());
        }
    };
    let bare = bare::Bare::start()?;
    cpu::pin_current(cpu::load_core())?;
    let done = answers::run(&server, bare.address, time)
        .and_then(|()| hooks::run(&server, &bare, listener));
    cpu::unpin_current()?;
    done
}

/// Limits would be measured instead of the server.
fn settings(listener: SocketAddr) -> String {
    format!(
        "[api]\nrequests_per_second = 1000\nstatistics_per_second = 1000\n\n\
         [[tenants]]\nallow_private_targets = true\nevent_url = \"http://{listener}\"\n"
    )
}
