//! The floor of an answer: the same web framework in a process of its own, with
//! a handler that says a constant.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use axum::{Router, routing::any, serve::ListenerExt};
use tokio::net::TcpListener;

use crate::{cpu, output};

/// A running bare server. It ends with this.
pub(super) struct Bare {
    pub(super) address: SocketAddr,
    process: Child,
}

impl Bare {
    /// Starts this program a second time, on the server's core.
    pub(super) fn start() -> Result<Self> {
        cpu::pin_current(cpu::SERVER_CORE)?;
        let mut process = Command::new(std::env::current_exe()?)
            .arg("bare")
            .stdout(Stdio::piped())
            .spawn()?;
        cpu::unpin_current()?;
        let output = process.stdout.take().context("its output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse().context("its address")?;
        Ok(Self { address, process })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the second process does: says where it is, and answers until it is
/// killed.
///
/// # Errors
/// When there is no port.
pub fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        output::show(&listener.local_addr()?);
        // as the server does
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let answer = || async { ([("content-type", "application/json")], "{\"a\":true}") };
        axum::serve(listener, Router::new().fallback(any(answer))).await?;
        Ok(())
    })
}
