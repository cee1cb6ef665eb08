//! `meetframe user create|list|passwd|remove`: people who log in.

use std::io::{self, BufRead};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{
    accounts::{Opened, moment, table, tenant, tenant_name},
    complain,
};
use crate::{
    accounts::{Given, NewUser, Password, Role, User, UserName},
    clock::Now,
    config::Config,
};

/// What is done with users.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum UserCommand {
    /// Makes a user and prints a one-time password.
    Create(Create),
    /// Lists the users.
    List,
    /// Gives a user another password; all their logins end.
    Passwd(Passwd),
    /// Removes a user; all their logins end.
    Remove {
        /// The user's name.
        name: UserName,
    },
}

/// A new user.
#[derive(Debug, Clone, Args)]
pub(super) struct Create {
    /// The name that they log in with.
    name: UserName,
    /// admin may do everything, operator everything but tokens, viewer sees.
    #[arg(long, default_value = "operator", value_parser = role)]
    role: Role,
    /// The only tenant that they may touch, by its hostname; else all of them.
    #[arg(long)]
    tenant: Option<String>,
    /// The first line of the standard input is their password, for good.
    #[arg(long)]
    password_stdin: bool,
}

/// Another password.
#[derive(Debug, Clone, Args)]
pub(super) struct Passwd {
    /// The user's name.
    name: UserName,
    /// The first line of the standard input is the password, for good; else a
    /// one-time password is printed.
    #[arg(long)]
    password_stdin: bool,
}

fn role(text: &str) -> Result<Role, String> {
    text.parse()
        .map_err(|unknown: crate::accounts::UnknownRole| unknown.to_string())
}

impl UserCommand {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<String> {
        let opened = Opened::open(config).await?;
        let said = match self {
            Self::Create(create) => create.run(config, &opened).await,
            Self::List => list(&opened).await,
            Self::Passwd(passwd) => passwd.run(&opened).await,
            Self::Remove { name } => remove(&opened, &name).await,
        };
        opened.close().await;
        said
    }
}

impl Create {
    async fn run(self, config: &Config, opened: &Opened) -> anyhow::Result<String> {
        let tenant = tenant(config, self.tenant.as_deref())?;
        let (given, shown) = given(self.password_stdin)?;
        let new = NewUser {
            name: self.name,
            role: self.role,
            tenant,
        };
        let now = Now::read().unix;
        let user = opened.accounts.create_user(new, given, now).await?;
        Ok(told(&user.name, shown))
    }
}

impl Passwd {
    async fn run(self, opened: &Opened) -> anyhow::Result<String> {
        let (given, shown) = given(self.password_stdin)?;
        let now = Now::read().unix;
        opened.accounts.set_password(&self.name, given, now).await?;
        Ok(told(&self.name, shown))
    }
}

/// The password to give, and what is printed of it.
fn given(from_input: bool) -> anyhow::Result<(Given, Option<Password>)> {
    if !from_input {
        let password = Password::roll();
        return Ok((Given::OneTime(password.clone()), Some(password)));
    }
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .context("the password cannot be read")?;
    let password = Password::parse(line.trim_end_matches(['\r', '\n']))?;
    Ok((Given::Own(password), None))
}

/// What is printed is the one-time password and nothing else.
fn told(name: &UserName, shown: Option<Password>) -> String {
    let Some(password) = shown else {
        return format!("{name} has the password now.");
    };
    complain(&format!(
        "this is the one-time password of {name}: good for 24 hours, to be changed by POST \
         /auth/password"
    ));
    password.expose().to_owned()
}

async fn list(opened: &Opened) -> anyhow::Result<String> {
    let head = ["NAME", "ROLE", "TENANT", "MADE", "ONE-TIME PASSWORD UNTIL"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(opened.accounts.users().await?.iter().map(row));
    Ok(table(&rows))
}

fn row(user: &User) -> Vec<String> {
    vec![
        user.name.to_string(),
        user.role.to_string(),
        tenant_name(user.tenant.as_ref()),
        moment(Some(user.created_at), ""),
        moment(user.one_time_until, "-"),
    ]
}

async fn remove(opened: &Opened, name: &UserName) -> anyhow::Result<String> {
    opened.accounts.remove_user(name).await?;
    Ok(format!("{name} is removed."))
}
