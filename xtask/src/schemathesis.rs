//! `schemathesis`: sends the running server what its OpenAPI document allows,
//! and what it does not, and compares the answers with the document.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::{
    python::Python,
    summary::{Suite, Tally},
    workspace::{Workspace, step},
};

/// More find more and take longer: about a second for each endpoint.
const EXAMPLES: &str = "25";
/// The same requests each time, so that a failure can be seen again.
const SEED: &str = "20261120";
/// The room of the examples in the document.
const ROOM: &str = "lesson-7";

/// Runs it against the server that was built.
pub(crate) fn check(workspace: &Workspace) -> Result<Tally> {
    let program = Python::prepare(workspace)?.program("schemathesis");
    step("schemathesis", || {
        let server = Server::start(workspace)?;
        Suite::Check.run(&mut server.examination(workspace, &program))
    })
}

/// A server with a new database. It is killed at the end.
struct Server {
    child: Child,
    /// Open as long as the server writes.
    output: BufReader<ChildStdout>,
    address: String,
    token: String,
}

impl Server {
    fn start(workspace: &Workspace) -> Result<Self> {
        let home = workspace.target.join("schemathesis-server");
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        fs::create_dir_all(&home)?;
        let mut child = program(workspace, &home)
            .arg("serve")
            .env("LEPTOS_SITE_ROOT", workspace.site())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server")?;
        let output = child.stdout.take().context("the server's output")?;
        // from here on it is killed whatever happens
        let mut server = Self {
            child,
            output: BufReader::new(output),
            address: String::new(),
            token: String::new(),
        };
        server.address = address(&mut server.output)?;
        let create = [
            "token",
            "create",
            "--name",
            "schemathesis",
            "--scope",
            "all",
        ];
        let made = program(workspace, &home).args(create).output()?;
        ensure!(made.status.success(), "no token could be made");
        server.token = String::from_utf8(made.stdout)?.trim().to_owned();
        server.plan_room()?;
        Ok(server)
    }

    /// Plans the room of the document's examples: what is told of a room that is
    /// there is compared as well, and not its absence alone.
    fn plan_room(&self) -> Result<()> {
        let host = self.address.trim_start_matches("http://");
        let body = format!("{{\"roomId\":\"{ROOM}\"}}");
        let mut stream = TcpStream::connect(host)?;
        write!(
            stream,
            "POST /api/v1/rooms HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.token,
            body.len(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let is_made = answer.starts_with("HTTP/1.1 201 ");
        ensure!(is_made, "no room could be planned: {answer}");
        Ok(())
    }

    fn examination(&self, workspace: &Workspace, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .args(["run", &format!("{}/api/openapi.json", self.address)])
            .args(["--header", &format!("Authorization: Bearer {}", self.token)])
            .args(["--checks", "all", "--continue-on-failure"])
            // the document cannot tell who is in a room, which cursor is of this
            // list, or which key was used before
            .args(["--exclude-checks", "positive_data_acceptance"])
            // axum's name of the rest of a path is no parameter of OpenAPI
            .args(["--exclude-path-regex", r"\*file"])
            // the stateful phase revokes the token that it uses itself
            .args(["--phases", "examples,coverage,fuzzing"])
            .args(["--max-examples", EXAMPLES, "--seed", SEED])
            .args(["--suppress-health-check", "all"])
            .current_dir(&workspace.target);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The program with settings of its own. Limits would be found instead of
/// faults.
fn program(workspace: &Workspace, home: &Path) -> Command {
    let mut command = Command::new(workspace.server_exe());
    let database = format!("sqlite:{}", home.join("meetframe.db").display());
    command
        .current_dir(home)
        .env("MEETFRAME__HTTP__LISTEN", "127.0.0.1:0")
        .env("MEETFRAME__MEDIA__LISTEN", "127.0.0.1:0")
        .env("MEETFRAME__MEDIA__WORKERS", "1")
        .env("MEETFRAME__DATABASE__URL", database)
        .env("MEETFRAME__API__REQUESTS_PER_SECOND", "1000")
        .env("MEETFRAME__API__STATISTICS_PER_SECOND", "1000");
    command
}

/// The server says its address when it is ready.
fn address(output: impl BufRead) -> Result<String> {
    for line in output.lines() {
        if let Some(address) = line?.trim().strip_prefix("Address ") {
            return Ok(address.trim().to_owned());
        }
    }
    anyhow::bail!("the server ended before it said its address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_stands_in_the_greeting() {
        let said = "Meetframe is running.\n\n  Address     http://localhost:3000\n";
        let found = address(said.as_bytes()).expect("an address");
        assert_eq!(found, "http://localhost:3000");
        assert!(address("".as_bytes()).is_err());
    }
}
