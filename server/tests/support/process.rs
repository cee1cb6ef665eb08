//! The program as its operator sees it: arguments, environment, output, signals
//! and exit codes.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use super::{database, write_site};

/// The program, in a folder of its own, with nothing of this environment.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meetframe"));
    command.env_clear().current_dir(folder);
    command
}

/// The program as a server of this folder, on ports that are free.
pub fn server(folder: &Path) -> Command {
    write_site(&folder.join("site"));
    let mut command = program(folder);
    command
        .env("LEPTOS_SITE_ROOT", folder.join("site"))
        .env("MEETFRAME__HTTP__LISTEN", "127.0.0.1:0")
        .env("MEETFRAME__MEDIA__LISTEN", "127.0.0.1:0")
        .env("MEETFRAME__MEDIA__WORKERS", "1")
        .env("MEETFRAME__DATABASE__URL", database::address(folder));
    command
}

pub fn run(mut command: Command) -> Output {
    command.output().expect("the program runs")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A running server. It is killed when the test ends.
pub struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
    /// What it said until the address came.
    pub said: String,
    pub address: SocketAddr,
}

impl Process {
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// With more variables in its environment.
    pub fn start_with(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = server(folder);
        command
            .envs(environment.iter().copied())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut said = String::new();
        let port = loop {
            let start = said.len();
            assert_ne!(output.read_line(&mut said).expect("text"), 0, "{said}");
            if let Some((_, port)) = said[start..].split_once("http://localhost:") {
                break port.trim().parse().expect("a port");
            }
        };
        Self {
            child,
            output,
            said,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        }
    }

    /// What it says from now on, up to the line with a word.
    pub fn says(&mut self, word: &str) -> String {
        let mut said = String::new();
        while !said.contains(word) {
            let read = self.output.read_line(&mut said).expect("text");
            assert_ne!(read, 0, "{said}");
        }
        said
    }

    /// Sends a signal by its name, without the SIG.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end: the exit code, and what else was said.
    pub fn wait(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("the program ends").code();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("text");
        (code, rest)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it may have ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
