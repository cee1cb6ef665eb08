//! `meetframe token mint`: a link into a room, with a signed token.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use protocol::{RoomId, RoomKind};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::expiry::Expiry;
use crate::{
    clock::Now,
    config::{Config, TenantSettings},
    db::Database,
    tenant::{Tenant, host},
    token::{Minter, Recipe, local_key},
};

/// What the link is for.
#[derive(Debug, Clone, Args)]
pub(super) struct Mint {
    /// The room; the token is good for no other.
    #[arg(long, value_parser = room)]
    room: RoomId,
    /// moderator or interpreter; none is a participant.
    #[arg(long, value_parser = ["moderator", "interpreter"])]
    role: Option<String>,
    /// The name, which cannot be changed then.
    #[arg(long)]
    name: Option<String>,
    /// Your own id of the person.
    #[arg(long)]
    peer_id: Option<String>,
    /// A moderator may start and stop recordings.
    #[arg(long)]
    can_record: bool,
    /// Who comes waits until a moderator lets them in.
    #[arg(long)]
    waiting_room: bool,
    /// The person can raise a hand.
    #[arg(long)]
    hand: bool,
    /// The webinar's interface: the person watches, unless --participant or a
    /// --role says otherwise.
    #[arg(long)]
    webinar: bool,
    /// In a webinar: on stage.
    #[arg(long)]
    participant: bool,
    /// How long the token can be used to enter: a number with s, m, h or d, or
    /// "never".
    #[arg(long, default_value = "8h", value_parser = Expiry::parse)]
    expires: Expiry,
    /// The tenant, by its hostname.
    #[arg(long, default_value = "*")]
    tenant: String,
    /// Any other claim, such as maxWatchers=20 or intLang=de. What is no JSON
    /// is a text.
    #[arg(long = "claim", value_name = "KEY=JSON", value_parser = claim)]
    claims: Vec<(String, Value)>,
    /// The key to sign with, by its kid; else the tenant's first.
    #[arg(long)]
    kid: Option<String>,
    /// The private key of an RS256 key: a PEM file.
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
}

fn room(text: &str) -> Result<RoomId, String> {
    RoomId::parse(text).map_err(|error| error.to_string())
}

fn claim(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => {
            let json = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            Ok((key.to_owned(), json))
        }
        _ => Err("KEY=JSON is needed, such as maxWatchers=20".to_owned()),
    }
}

impl Mint {
    /// Makes the link.
    pub(super) async fn link(&self, config: &Config) -> anyhow::Result<String> {
        let settings = self.settings(config)?;
        let token = self.minter(config, &settings).await?.mint(&self.recipe())?;
        let kind = match self.webinar {
            true => RoomKind::Webinar,
            false => RoomKind::Call,
        };
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("roomId", self.room.as_str())
            .append_pair("token", &token)
            .finish();
        let base = base_url(config, &settings)?;
        Ok(format!("{base}/{}/?{query}", kind.path()))
    }

    fn settings(&self, config: &Config) -> anyhow::Result<TenantSettings> {
        let wanted = host::name_of(&self.tenant);
        let named = |tenant: &&TenantSettings| host::name_of(&tenant.hostname) == wanted;
        match config.tenants.iter().find(named) {
            Some(tenant) => Ok(tenant.clone()),
            None if config.tenants.is_empty() && wanted == "*" => Ok(TenantSettings::default()),
            None => {
                let names: Vec<&str> = config.tenants.iter().map(|t| &*t.hostname).collect();
                let known = match names.is_empty() {
                    true => "*".to_owned(),
                    false => names.join(", "),
                };
                bail!("there is no tenant {:?}; there is {known}", self.tenant)
            }
        }
    }

    /// The database is asked for the server's own key only when that is needed.
    async fn minter(&self, config: &Config, settings: &TenantSettings) -> anyhow::Result<Minter> {
        let local = match settings.jwt_keys.is_empty() {
            true => {
                let database = Database::open(&config.database).await?;
                let key = local_key(&database, Now::read().unix).await;
                database.close().await;
                key?
            }
            false => Vec::new(),
        };
        let tenant = Tenant::new(settings, &local)?;
        let pem = self.private_key.as_ref().map(|path| {
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        });
        let pem = pem.transpose()?;
        Ok(Minter::new(
            &settings.jwt_keys,
            &tenant.keys,
            self.kid.as_deref(),
            pem.as_deref(),
        )?)
    }

    /// Extra claims win: they are what was asked for last.
    fn recipe(&self) -> Recipe {
        let now = Now::read().unix.seconds();
        let mut recipe = Recipe::new();
        let mut add = |key: &str, value: Value| recipe.insert(key.to_owned(), value);
        add("iat", json!(now));
        add("roomId", json!(self.room));
        if let Expiry::After(time) = self.expires {
            add("exp", json!(now + time.as_secs()));
        }
        let texts = [
            ("role", &self.role),
            ("displayName", &self.name),
            ("peerId", &self.peer_id),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                add(key, json!(text));
            }
        }
        let flags = [
            ("canRecord", self.can_record),
            ("waitingRoom", self.waiting_room),
            ("handEnabled", self.hand),
            ("itisparticipant", self.participant),
        ];
        for (key, _) in flags.into_iter().filter(|(_, on)| *on) {
            add(key, json!(true));
        }
        for (key, value) in &self.claims {
            add(key, value.clone());
        }
        recipe
    }
}

/// Where browsers find the tenant.
fn base_url(config: &Config, settings: &TenantSettings) -> anyhow::Result<String> {
    let listen = config.http.listen;
    if config.http.public_url.is_none() && listen.port() == 0 {
        bail!("the server's port is not known: set http.public_url");
    }
    let base = config.http.base_url(listen);
    if settings.hostname == "*" {
        return Ok(base);
    }
    let mut url = Url::parse(&base).context("http.public_url is no URL")?;
    url.set_host(Some(&settings.hostname))
        .context("the tenant's hostname is no host")?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
