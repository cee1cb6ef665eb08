//! The whole server as a process of its own: the release build, on free ports
//! of loopback, with a database of its own.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

/// How long the start may take.
const START: Duration = Duration::from_secs(20);

/// A running server. Dropping it ends the process and removes its data.
pub struct Server {
    /// Where pages and signaling are.
    pub address: SocketAddr,
    process: Child,
    folder: PathBuf,
}

impl Server {
    /// Starts the server and waits until it is healthy.
    ///
    /// # Errors
    /// When it was not built (`make build`) or does not start.
    pub fn start() -> Result<Self> {
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
        let process = Command::new(&executable)
            .arg("serve")
            .env("MEETFRAME__HTTP__LISTEN", address.to_string())
            .env("MEETFRAME__HTTP__PUBLIC_URL", format!("http://{address}"))
            .env("MEETFRAME__MEDIA__LISTEN", media.to_string())
            .env("MEETFRAME__MEDIA__ANNOUNCE", "127.0.0.1")
            .env("MEETFRAME__MEDIA__WORKERS", "1")
            .env(
                "MEETFRAME__DATABASE__URL",
                format!("sqlite:{}", database.display()),
            )
            .env("MEETFRAME__LOG__LEVEL", "warn")
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| executable.display().to_string())?;
        let mut server = Self {
            address,
            process,
            folder,
        };
        server.wait_until_healthy()?;
        Ok(server)
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
