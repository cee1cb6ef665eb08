//! Which database a test uses: a SQLite file in its own folder or, when the
//! variable `MEETFRAME_TEST_DATABASE` names a database of PostgreSQL
//! (`postgres://…`), a schema of its own in that. It goes with the folder.

use std::{
    collections::HashSet,
    env,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
    thread,
};

use server::config::{DatabaseConfig, DatabaseUrl};
use sqlx::{
    AnyConnection, AssertSqlSafe, Connection, PgConnection, any::install_default_drivers, raw_sql,
};
use tempfile::TempDir;

/// Names the PostgreSQL database that tests make their schemas in.
pub const VARIABLE: &str = "MEETFRAME_TEST_DATABASE";

/// The schemas that this process has made.
static MADE: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// The PostgreSQL database of the tests; none: SQLite.
pub fn postgres() -> Option<String> {
    env::var(VARIABLE).ok().filter(|url| !url.is_empty())
}

/// A temporary folder, with which its database goes.
pub struct Folder(TempDir);

pub fn folder() -> Folder {
    Folder(tempfile::tempdir().expect("a temporary folder"))
}

impl Deref for Folder {
    type Target = TempDir;

    fn deref(&self) -> &TempDir {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let name = schema(self.path());
        if MADE.lock().expect("no panic in between").remove(&name) {
            // whoever is still connected would keep the schema locked
            execute(format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = '{name}';
                 DROP SCHEMA {name} CASCADE"
            ));
        }
    }
}

/// The SQLite file of a folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("data/meetframe.db")
}

/// The database of a folder, as an operator writes it.
pub fn address(folder: &Path) -> String {
    let Some(postgres) = postgres() else {
        return format!("sqlite:{}", file(folder).display());
    };
    let name = schema(folder);
    if MADE
        .lock()
        .expect("no panic in between")
        .insert(name.clone())
    {
        execute(format!("CREATE SCHEMA IF NOT EXISTS {name}"));
    }
    let sign = if postgres.contains('?') { '&' } else { '?' };
    format!("{postgres}{sign}application_name={name}&options=-csearch_path%3D{name}")
}

/// The same as settings.
pub fn config(folder: &Path) -> DatabaseConfig {
    let url = DatabaseUrl::try_from(address(folder));
    url.expect("an address of a database").into()
}

/// A connection past the server's own queries.
pub async fn connection(folder: &Path) -> AnyConnection {
    install_default_drivers();
    let connected = AnyConnection::connect(&address(folder)).await;
    connected.expect("the database")
}

/// Makes the database refuse to change a table's rows, as a full disk would.
pub async fn refuse_changes(folder: &Path, table: &str) {
    let sql = match postgres() {
        None => format!(
            "CREATE TRIGGER refuse BEFORE UPDATE ON {table}
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        ),
        Some(_) => format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
             CREATE TRIGGER refuse BEFORE UPDATE ON {table} EXECUTE FUNCTION refuse()"
        ),
    };
    change_schema(folder, sql).await;
}

/// Makes it take them again.
pub async fn take_changes(folder: &Path, table: &str) {
    let sql = match postgres() {
        None => "DROP TRIGGER refuse".to_owned(),
        Some(_) => format!("DROP TRIGGER refuse ON {table}"),
    };
    change_schema(folder, sql).await;
}

async fn change_schema(folder: &Path, sql: String) {
    let mut connection = connection(folder).await;
    let done = raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    done.expect("a statement");
    connection.close().await.expect("closed");
}

/// A name that is unlike those of all other folders.
fn schema(folder: &Path) -> String {
    let name = folder.file_name().expect("a folder with a name");
    let hex: Vec<_> = name
        .as_encoded_bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("t_{}", hex.concat())
}

/// On a thread of its own: tests run in a runtime that must not be blocked on.
fn execute(sql: String) {
    let url = postgres().expect("only for PostgreSQL");
    let work = async move {
        let mut connection = PgConnection::connect(&url).await.expect("PostgreSQL");
        let done = raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
        done.expect("a statement");
    };
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(work);
    };
    thread::spawn(runtime).join().expect("PostgreSQL does it");
}
