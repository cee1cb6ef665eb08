//! The load: many real clients (ICE, DTLS, SRTP) in a process of their own.

pub mod client;
pub mod connection;
pub mod message;
pub mod process;
pub mod sdp;

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use message::{Counts, Order, Report};

/// The load process, seen by a measurement. Dropping it ends the process.
pub struct Load {
    child: Child,
    orders: Option<ChildStdin>,
    reports: BufReader<ChildStdout>,
}

impl Load {
    /// Starts this program again as a load process.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("load")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start the load process")?;
        let (orders, reports) = (child.stdin.take(), child.stdout.take());
        Ok(Self {
            child,
            orders,
            reports: BufReader::new(reports.context("the load's output is piped")?),
        })
    }

    /// Sends an order.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn order(&mut self, order: &Order) -> Result<()> {
        let orders = self.orders.as_mut().context("the load process has ended")?;
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        orders.write_all(&line).context("the load process is gone")
    }

    /// Waits for the next report.
    ///
    /// # Errors
    /// When the process is gone, or a client failed.
    pub fn report(&mut self) -> Result<Report> {
        let mut line = String::new();
        if self.reports.read_line(&mut line)? == 0 {
            bail!("the load process has ended");
        }
        match serde_json::from_str(&line)? {
            Report::Failed { client, reason } => bail!("client {client}: {reason}"),
            report => Ok(report),
        }
    }

    /// The counters of all clients.
    ///
    /// # Errors
    /// When the process is gone, or a client failed.
    pub fn counts(&mut self) -> Result<Counts> {
        self.order(&Order::Count)?;
        match self.report()? {
            Report::Counts(counts) => Ok(counts),
            other => bail!("counters expected, not {other:?}"),
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // The process ends with its input.
        self.orders = None;
        let _ = self.child.wait();
    }
}
