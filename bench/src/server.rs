//! The whole server as a process of its own: the release build, on free ports
//! of loopback, with a database of its own.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::cpu;

/// How long the start may take.
const START: Duration = Duration::from_secs(20);

/// Processor time of a server.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    /// The media workers.
    pub media: Duration,
    /// Signaling, rooms, database.
    pub rest: Duration,
}

/// A running server. Dropping it ends the process and removes its data.
pub struct Server {
    /// Where pages and signaling are.
    pub address: SocketAddr,
    process: Child,
    folder: PathBuf,
    executable: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Server {
    /// Starts the server and waits until it is healthy.
    ///
    /// # Errors
    /// When it was not built (`make build`) or does not start.
    pub fn start() -> Result<Self> {
        Self::start_by("")
    }

    /// With these lines of `meetframe.toml`.
    fn start_by(lines: &str) -> Result<Self> {
        let executable = std::env::var_os("MEETFRAME_EXE")
            .map_or_else(|| PathBuf::from("target/release/meetframe"), PathBuf::from);
        ensure!(
            executable.exists(),
            "{} is missing: `make build` makes it",
            executable.display()
        );
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let media = UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
        let folder = std::env::temp_dir().join(format!("meetframe-bench-{}", address.port()));
        fs::create_dir_all(&folder)?;
        let database = folder.join("meetframe.db");
        let file = folder.join("meetframe.toml");
        fs::write(&file, lines)?;
        let settings = vec![
            ("MEETFRAME_CONFIG", file.display().to_string()),
            ("MEETFRAME__HTTP__LISTEN", address.to_string()),
            ("MEETFRAME__HTTP__PUBLIC_URL", format!("http://{address}")),
            ("MEETFRAME__MEDIA__LISTEN", media.to_string()),
            ("MEETFRAME__MEDIA__ANNOUNCE", "127.0.0.1".to_owned()),
            ("MEETFRAME__MEDIA__WORKERS", "1".to_owned()),
            (
                "MEETFRAME__DATABASE__URL",
                format!("sqlite:{}", database.display()),
            ),
            ("MEETFRAME__LOG__LEVEL", "warn".to_owned()),
        ];
        let process = Command::new(&executable)
            .arg("serve")
            .envs(settings.clone())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| executable.display().to_string())?;
        let mut server = Self {
            address,
            process,
            folder,
            executable,
            settings,
        };
        server.wait_until_healthy()?;
        Ok(server)
    }

    /// Another command of the server's program, on the same database.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.envs(self.settings.clone());
        command
    }

    /// Where it keeps its things.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The id of its process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    fn wait_until_healthy(&mut self) -> Result<()> {
        let limit = Instant::now() + START;
        while !self.is_healthy() {
            ensure!(self.process.try_wait()?.is_none(), "the server ended");
            ensure!(Instant::now() < limit, "the server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn is_healthy(&self) -> bool {
        let answer = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            let request = format!(
                "GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                self.address
            );
            stream.write_all(request.as_bytes())?;
            let mut text = String::new();
            stream.read_to_string(&mut text)?;
            Ok(text)
        };
        answer().is_ok_and(|text| text.starts_with("HTTP/1.1 200"))
    }

    /// Starts the server so that all its threads share one core.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_on(core: usize) -> Result<Self> {
        Self::start_with(core, "")
    }

    /// The same with these lines of `meetframe.toml`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(core: usize, lines: &str) -> Result<Self> {
        // a process runs where the thread that starts it may run
        cpu::pin_current(core)?;
        let server = Self::start_by(lines);
        cpu::unpin_current()?;
        server
    }

    /// A new token of the REST API that may do everything.
    ///
    /// # Errors
    /// When the server's program does not make one.
    pub fn token(&self) -> Result<String> {
        let made = self
            .command()
            .args(["token", "create", "--name", "bench", "--scope", "all"])
            .stderr(Stdio::null())
            .output()?;
        ensure!(made.status.success(), "no token: {}", made.status);
        Ok(String::from_utf8(made.stdout)?.trim().to_owned())
    }

    /// How long threads ran so far: those of media, and all others.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn time(&self) -> Result<Time> {
        let process = self.process.id().to_string();
        let all = cpu::time_of(&process, "")?;
        let media = cpu::time_of(&process, "media")?;
        Ok(Time {
            media,
            rest: all.saturating_sub(media),
        })
    }

    /// Bytes of memory that the process holds now.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn resident(&self) -> Result<u64> {
        resident(&self.process.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; what it kept is only for this run.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Bytes of memory that a process (`self` or an id) holds now.
///
/// # Errors
/// When there is no such process.
pub fn resident(process: &str) -> Result<u64> {
    let path = format!("/proc/{process}/status");
    let text = fs::read_to_string(&path).with_context(|| path.clone())?;
    parse_resident(&text).with_context(|| format!("no VmRSS in {path}"))
}

fn parse_resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_read_from_the_status() {
        let status = "Name:\tx\nVmRSS:\t    2048 kB\nThreads:\t1\n";
        assert_eq!(parse_resident(status), Some(2_097_152));
        assert!(resident("self").unwrap() > 100_000);
    }
}
