//! `meetframe token create|list|revoke`: permanent tokens of the REST API.

use anyhow::bail;
use clap::Args;

use super::{
    accounts::{Opened, moment, table, tenant, tenant_name},
    complain,
    expiry::Expiry,
};
use crate::{
    accounts::{ApiToken, NewToken, Scope},
    clock::{Now, UnixMillis},
    config::Config,
};

/// A new token.
#[derive(Debug, Clone, Args)]
pub(super) struct Create {
    /// What people call it, such as the program that uses it.
    #[arg(long, value_parser = name)]
    name: String,
    /// What it is good for; several with commas between, or several times.
    /// "all" is everything.
    #[arg(long = "scope", required = true, value_delimiter = ',', value_parser = scopes)]
    scopes: Vec<Granted>,
    /// The only tenant that it is good for, by its hostname; else all of them.
    #[arg(long)]
    tenant: Option<String>,
    /// How long it is good: a number with s, m, h or d, or "never".
    #[arg(long, default_value = "never", value_parser = Expiry::parse)]
    expires: Expiry,
}

/// Which token.
#[derive(Debug, Clone, Args)]
pub(super) struct Revoke {
    /// Its id, as in "meetframe token list"; or the token itself.
    id: String,
}

#[derive(Debug, Clone, Copy)]
enum Granted {
    All,
    One(Scope),
}

fn scopes(text: &str) -> Result<Granted, String> {
    match text {
        "all" => Ok(Granted::All),
        text => text
            .parse()
            .map(Granted::One)
            .map_err(|unknown: crate::accounts::UnknownScope| unknown.to_string()),
    }
}

fn name(text: &str) -> Result<String, String> {
    let fits = (1..=100).contains(&text.chars().count());
    match fits && !text.contains(char::is_control) {
        true => Ok(text.to_owned()),
        false => Err("1 to 100 characters, all visible".to_owned()),
    }
}

impl Create {
    /// Makes the token; what is printed is the token and nothing else.
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<String> {
        let now = Now::read().unix;
        let all = self.scopes.iter().flat_map(|granted| match granted {
            Granted::All => Scope::ALL.to_vec(),
            Granted::One(scope) => vec![*scope],
        });
        let new = NewToken {
            scopes: all.collect(),
            tenant: tenant(config, self.tenant.as_deref())?,
            expires_at: match self.expires {
                Expiry::Never => None,
                Expiry::After(time) => Some(UnixMillis::new(
                    now.get().saturating_add(time.as_secs() * 1_000),
                )),
            },
            name: self.name,
        };
        let opened = Opened::open(config).await?;
        let made = opened.accounts.create_token(new, now).await;
        opened.close().await;
        let (token, text) = made?;
        complain(&format!(
            "this is token {}; it is shown this once",
            token.id
        ));
        Ok(text.expose().to_owned())
    }
}

/// All tokens, a line for each.
pub(super) async fn list(config: &Config) -> anyhow::Result<String> {
    let opened = Opened::open(config).await?;
    let tokens = opened.accounts.tokens(None).await;
    opened.close().await;
    let head = ["ID", "NAME", "TENANT", "EXPIRES", "LAST USED", "SCOPES"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(tokens?.iter().map(row));
    Ok(table(&rows))
}

fn row(token: &ApiToken) -> Vec<String> {
    vec![
        token.id.clone(),
        token.name.clone(),
        tenant_name(token.tenant.as_ref()),
        moment(token.expires_at, "never"),
        moment(token.last_used_at, "never"),
        token.scopes.to_string(),
    ]
}

impl Revoke {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<String> {
        // whoever revokes a token that leaked has the whole of it at hand
        let id = self.id.strip_prefix(crate::accounts::PREFIX);
        let id = id.map_or(&*self.id, |rest| rest.split('_').next().unwrap_or(rest));
        let opened = Opened::open(config).await?;
        let done = opened.accounts.revoke_token(id, None).await;
        opened.close().await;
        if !done? {
            bail!("there is no token {id}; see meetframe token list");
        }
        Ok(format!("Token {id} is revoked."))
    }
}
