//! People in a meeting, and the backend that has it recorded.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::server::Server;

/// Pages in a browser; they leave on drop.
pub(super) struct People {
    process: Child,
    stay: Option<ChildStdin>,
}

impl People {
    /// Waits until all of them are in.
    pub(super) fn enter(server: &Server, room: &str, count: usize) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/meet.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .arg(format!("http://{}", server.address))
            .args([room, &count.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start node")?;
        let stay = process.stdin.take();
        let said = process.stdout.take().context("what node says")?;
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line)?;
        let people = Self { process, stay };
        ensure!(line.trim() == "ready", "people could not enter the meeting");
        Ok(people)
    }
}

impl Drop for People {
    fn drop(&mut self) {
        drop(self.stay.take());
        // it ends by itself, whatever its browser says to that
        let _ = self.process.wait();
    }
}

/// A video as REST tells of it.
#[derive(Debug, Deserialize)]
pub(super) struct Video {
    /// Seconds.
    pub(super) duration: f64,
    /// Seconds.
    pub(super) missing: f64,
}

/// Who has a room recorded.
pub(super) struct Backend<'a> {
    server: &'a Server,
    room: &'a str,
    token: String,
}

impl<'a> Backend<'a> {
    pub(super) fn of(server: &'a Server, room: &'a str) -> Result<Self> {
        let scopes = ["--scope", "recordings:read", "--scope", "recordings:write"];
        let mut create = server.command();
        let made = create
            .args(["token", "create", "--name", "bench"])
            .args(scopes)
            .output()
            .context("make a token")?;
        ensure!(made.status.success(), "no token could be made");
        let token = String::from_utf8(made.stdout)?.trim().to_owned();
        Ok(Self {
            server,
            room,
            token,
        })
    }

    /// Starts the recording and gives its id.
    pub(super) fn start(&self) -> Result<String> {
        let started = self.ask("POST", &format!("/rooms/{}/recording/start", self.room))?;
        let id = started["id"].as_str();
        Ok(id
            .with_context(|| format!("no recording: {started}"))?
            .to_owned())
    }

    pub(super) fn stop(&self) -> Result<()> {
        let path = format!("/rooms/{}/recording/stop", self.room);
        self.ask("POST", &path).map(drop)
    }

    /// The state of the recording.
    pub(super) fn state(&self) -> Result<String> {
        let status = self.ask("GET", &format!("/rooms/{}/recording", self.room))?;
        Ok(status["state"].as_str().unwrap_or_default().to_owned())
    }

    pub(super) fn video(&self) -> Result<Video> {
        let path = format!("/streaming/videos/search?q={}", self.room);
        let mut found = self.ask("GET", &path)?;
        serde_json::from_value(found[0].take()).context("read the video")
    }

    fn ask(&self, method: &str, path: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(self.server.address)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n",
            self.server.address, self.token
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").context("an answer")?;
        ensure!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {text}");
        serde_json::from_str(body).with_context(|| format!("{method} {path}: {body}"))
    }
}
