//! What the desk is built on: settings, tools, database, journal.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use ::recorder::{FinishError, Missing, Recorder, Settings};
use protocol::NoRecording;
use tracing::{info, warn};

use super::{Media, Store, View, finishing::Made, grant::Grants, store, times::Delays};
use crate::{
    clock::{Now, UnixMillis},
    config::{Config, StorageKind},
    db::{Database, StoredVideo},
    journal::Journal,
    room_key::RoomKey,
    tenant::Tenants,
};

/// The name in the page's address, where the server has no loopback address.
const OWN_NAME: &str = "recorder.localhost";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Why there is nothing to build on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BaseError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Store(#[from] store::OpenError),
}

/// What the desk is built on.
pub(crate) struct Base {
    pub(super) database: Database,
    pub(super) journal: Journal,
    tenants: Arc<Tenants>,
    grants: Arc<Grants>,
    config: crate::config::RecordingConfig,
    pub(super) store: Store,
    /// Where the server listens.
    address: SocketAddr,
    public_url: Option<String>,
}

impl Base {
    /// Reads what it needs of the settings.
    ///
    /// # Errors
    /// When the database fails, or the settings of the store cannot be used.
    pub(crate) async fn new(
        config: &Config,
        address: SocketAddr,
        database: Database,
        tenants: Arc<Tenants>,
        journal: Journal,
    ) -> Result<Self, BaseError> {
        let grants = Grants::load(&database, Now::read().unix).await?;
        let store = Store::open(&config.recording, config.recordings_folder())?;
        Ok(Self {
            grants: Arc::new(grants),
            database,
            journal,
            tenants,
            config: config.recording.clone(),
            store,
            address,
            public_url: config.http.public_url.clone(),
        })
    }

    /// What videos need outside the desk.
    pub(super) fn media(&self) -> Media {
        Media {
            grants: Arc::clone(&self.grants),
            store: self.store.clone(),
            link: self.config.link(),
            public_url: self.public_url.clone(),
        }
    }

    pub(super) fn delays(&self) -> Delays {
        Delays {
            start: self.config.auto_start(),
            stop: self.config.auto_stop(),
        }
    }

    /// Looks for the tools; when they are missing, recording is off.
    pub(super) fn find_recorder(&self) -> (Option<Recorder>, View) {
        let off = |why, reason: String| {
            let view = View {
                no_recording: Some(why),
                reason: Some(reason),
                ..View::default()
            };
            (None, view)
        };
        if !self.config.enabled {
            return off(NoRecording::Off, "recording.enabled is false".to_owned());
        }
        match Recorder::find(self.settings()) {
            Ok(recorder) => (Some(recorder), View::default()),
            Err(missing) => {
                info!(why = %missing, "Recording is off");
                let why = match missing {
                    Missing::Browser(_) => NoRecording::NoBrowser,
                    Missing::Ffmpeg(_) => NoRecording::NoFfmpeg,
                };
                off(why, missing.to_string())
            }
        }
    }

    fn settings(&self) -> Settings {
        let ip = self.address.ip();
        let foreign = !ip.is_loopback() && !ip.is_unspecified();
        Settings {
            host_rule: foreign.then(|| format!("MAP {OWN_NAME} {ip}, EXCLUDE {ip}")),
            volume: self.config.volume(),
            keep_free: self.config.keep_free_mb * 1_000_000,
            ..self.config.tools(self.store.folder().to_owned())
        }
    }

    /// The address that a browser opens.
    pub(super) fn page(&self, room: &RoomKey, token: &str) -> String {
        let (ip, port) = (self.address.ip(), self.address.port());
        let host = match ip {
            _ if ip.is_unspecified() => "127.0.0.1".to_owned(),
            _ if ip.is_loopback() && ip.is_ipv4() => ip.to_string(),
            _ if ip.is_loopback() => "localhost".to_owned(),
            _ => OWN_NAME.to_owned(),
        };
        // ids of rooms have no characters that would be written with escapes
        format!(
            "http://{host}:{port}/call/?roomId={}&recorder={token}",
            room.room
        )
    }

    /// Whether every meeting of a room's tenant is recorded.
    pub(super) fn records_all(&self, room: &RoomKey) -> bool {
        let tenant = self.tenants.by_name(room.tenant.as_str());
        tenant.is_some_and(|tenant| tenant.auto_record)
    }

    /// Keeps what became of a volume.
    pub(super) async fn keep_video(
        &self,
        recording: &str,
        volume: u32,
        result: Result<Made, FinishError>,
    ) -> Result<(), sqlx::Error> {
        let videos = self.database.videos_of(recording).await?;
        let of = |video: &&StoredVideo| video.volume == i64::from(volume);
        let Some(video) = videos.iter().find(of) else {
            return Ok(());
        };
        match result {
            Ok(made) => {
                let (facts, place) = (made.facts, made.place.as_deref());
                self.database.video_ready(video.id, facts, place).await?;
                self.store.tidy(video, place).await;
                Ok(())
            }
            Err(error) => {
                warn!(recording, volume, %error, "There is no video");
                self.database.video_failed(video.id).await
            }
        }
    }

    /// Deletes what is older than it is to be kept.
    pub(super) async fn forget_old(&self) {
        if self.config.keep_days == 0 {
            return;
        }
        let age = DAY * self.config.keep_days;
        let age = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        let before = UnixMillis::new(Now::read().unix.get().saturating_sub(age));
        let old = match self.database.old_videos(before).await {
            Ok(old) => old,
            Err(error) => return warn!(%error, "Old videos could not be looked for"),
        };
        for video in old {
            if let Err(error) = self.media().delete(&self.database, &video).await {
                warn!(%error, "An old video could not be deleted");
            }
        }
    }
}

/// What `check-config` says of the tools.
pub(crate) fn tools(config: &Config) -> String {
    if !config.recording.enabled {
        return "recording is off: recording.enabled is false".to_owned();
    }
    match Recorder::find(config.recording.tools(config.recordings_folder())) {
        Ok(recorder) => format!("recording is on: {recorder}"),
        Err(missing) => format!("recording is off: {missing}"),
    }
}

/// What `check-config` says of where videos are kept: asks the store.
pub(crate) async fn check_storage(config: &Config) -> String {
    let store = match Store::open(&config.recording, config.recordings_folder()) {
        Ok(store) => store,
        Err(error) => return format!("videos cannot be kept: {error}"),
    };
    let place = store.describe();
    match store.probe().await {
        Ok(()) if store.kind() == StorageKind::Local => format!("videos are kept in {place}"),
        Ok(()) => format!("videos are kept in {place}, which takes them"),
        Err(trouble) => {
            format!("videos are kept in {place}, which does not take them now: {trouble}")
        }
    }
}
