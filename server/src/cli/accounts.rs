//! What commands on tokens and users share: the database, opened beside a
//! server that may run, and tenants by name.

use anyhow::bail;

use crate::{
    accounts::Accounts, clock::Now, config::Config, db::Database, limits::LoginLimits,
    room_key::TenantId, tenant::host, token::Moment,
};

/// The accounts of the configured database. What is done with them counts for a
/// running server at once: it asks the database each time.
pub(super) struct Opened {
    pub(super) accounts: Accounts,
    database: Database,
}

impl Opened {
    pub(super) async fn open(config: &Config) -> anyhow::Result<Self> {
        let database = Database::open(&config.database).await?;
        let now = Now::read().unix;
        let accounts = Accounts::open(database.clone(), LoginLimits::default(), now).await?;
        Ok(Self { accounts, database })
    }

    pub(super) async fn close(self) {
        self.database.close().await;
    }
}

/// The tenant of a hostname of the settings.
pub(super) fn tenant(config: &Config, name: Option<&str>) -> anyhow::Result<Option<TenantId>> {
    let Some(name) = name else { return Ok(None) };
    let wanted = host::name_of(name);
    let mut names = config.tenants.iter().map(|tenant| tenant.hostname.as_str());
    if wanted != "*" && !names.any(|known| host::name_of(known) == wanted) {
        bail!("there is no tenant {name:?} in the settings");
    }
    Ok(Some(TenantId::new(&wanted)))
}

/// Lines of columns that stand below each other.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(column, cell)| format!("{cell:<0$}", width(column)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A moment, or a word for none.
pub(super) fn moment(at: Option<crate::clock::UnixMillis>, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), |at| Moment(at).to_string())
}

/// A tenant, or all of them.
pub(super) fn tenant_name(tenant: Option<&TenantId>) -> String {
    tenant.map_or("all", TenantId::as_str).to_owned()
}
