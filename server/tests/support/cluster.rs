//! A PostgreSQL server of a test's own, from Debian's package, for tests that
//! end it.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A running server. It is ended with the test.
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Cluster {
    /// None where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a folder");
        // PostgreSQL refuses to run as root: its files are nobody's then
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.path(), open).expect("permissions");
        let cluster = Self {
            programs,
            folder,
            port: free_port(),
        };
        cluster.run(
            "initdb",
            &[
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-sync",
            ],
        );
        cluster.again();
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!(
            "postgres://postgres:hunter2@127.0.0.1:{}/postgres",
            self.port
        )
    }

    /// Ends it as a crash does.
    pub fn crash(&self) {
        self.run("pg_ctl", &["stop", "--mode=immediate"]);
    }

    /// Starts it where it was.
    pub fn again(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''",
            self.port
        );
        self.run(
            "pg_ctl",
            &["start", "--wait", "--log=log", "--options", &options],
        );
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let data = self.folder.path().join("data");
        let mut command = as_nobody(&self.programs.join(program));
        command
            .arg("--pgdata")
            .arg(data)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        assert!(command.status().expect("it runs").success(), "{program}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_nobody(&self.programs.join("pg_ctl"));
        stop.args(["stop", "--mode=immediate", "--pgdata"])
            .arg(self.folder.path().join("data"))
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // it may have ended already
        drop(stop.status());
    }
}

fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|one| Some(one.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").exists())
        .max()
}

/// A program of PostgreSQL, without root's rights.
fn as_nobody(program: &Path) -> Command {
    let user = Command::new("id").arg("--user").output().expect("id runs");
    if user.stdout.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
        .arg(program);
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}
