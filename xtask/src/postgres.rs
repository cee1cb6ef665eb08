//! A PostgreSQL server of the tests' own, from Debian's package: a fresh one
//! that is gone afterwards and syncs nothing. The machine's own is not touched.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// What a test suite needs less than speed, and room for tests side by side.
const SETTINGS: &str = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";

/// A running server. It is ended, and its files deleted, when this is dropped.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts one on a free port.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL is not installed")?;
        // below the temporary folder, which is everybody's: the user that it
        // runs as may not be able to look into the workspace
        let folder = env::temp_dir().join(format!("meetframe-postgres-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let postgres = Self {
            programs,
            folder,
            port,
        };
        give_away(&postgres.folder)?;
        let mut initdb = postgres.command("initdb");
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8"]);
        postgres.run(initdb.arg("--no-sync"))?;
        let options = format!("-p {port} {SETTINGS}");
        let mut start = postgres.command("pg_ctl");
        start.args(["start", "--wait", "--log=log", "--options", &options]);
        postgres.run(&mut start)?;
        Ok(postgres)
    }

    /// Its database, as `database.url` names it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = without_root(&self.programs.join(program));
        command
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            // it is inherited by the server, which would keep a pipe open
            .stdout(Stdio::null());
        command
    }

    fn run(&self, command: &mut Command) -> Result<()> {
        let status = command.status()?;
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        ensure!(status.success(), "PostgreSQL: {status}\n{}", log());
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        let stopped = self.run(stop.args(["stop", "--mode=immediate", "--silent"]));
        let deleted = fs::remove_dir_all(&self.folder).context("its folder");
        if let Err(error) = stopped.and(deleted) {
            eprintln!("xtask: PostgreSQL could not be cleared away: {error:#}");
        }
    }
}

/// Where the newest version's programs are; Debian does not put them in the path.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|one| Some(one.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").exists())
        .max()
}

fn is_root() -> bool {
    let user = Command::new("id").arg("--user").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// PostgreSQL refuses to run as root.
fn without_root(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
        .arg(program);
    command
}

fn give_away(folder: &Path) -> Result<()> {
    if is_root() {
        let status = Command::new("chown").arg("nobody").arg(folder).status()?;
        ensure!(status.success(), "chown: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn server_answers_and_leaves_nothing() {
        if programs().is_none() {
            // `make test` installs it first
            return;
        }
        let postgres = Postgres::start().expect("a server");
        assert!(postgres.url().starts_with("postgres://"));
        let (port, folder) = (postgres.port, postgres.folder.clone());
        TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        drop(postgres);
        assert!(!folder.exists());
        TcpStream::connect(("127.0.0.1", port)).expect_err("it is gone");
    }
}
