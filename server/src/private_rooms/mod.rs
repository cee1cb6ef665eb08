//! Private rooms: made with a PIN, entered with it.
//!
//! Owns PINs, their hashes, and how often both may be tried. Who need not know
//! the PIN is decided by `admission`. A private room stays private for ever:
//! its link outlives everybody who was in it.

mod http;
mod known;
mod name;
mod pin;
mod tries;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use argon2::password_hash;
use protocol::RoomId;
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use crate::{
    clock::{Now, UnixMillis},
    db::Database,
    limits::PrivateRoomLimits,
    room_key::{RoomKey, TenantId},
};

pub use http::make;
pub(crate) use name::random as random_room_id;
pub use pin::{NotAPin, PIN_DIGITS, Pin};

use known::Known;
use tries::Tries;

/// The private rooms of the server. Clones share everything.
#[derive(Clone)]
pub struct PrivateRooms(Arc<Shared>);

struct Shared {
    database: Database,
    tries: Tries,
    /// What was right before.
    known: Mutex<Known>,
    /// When the rooms that were made count no more: the bucket of making.
    making: Mutex<Making>,
    /// Each hash keeps a core and 19 MB busy.
    hashing: Semaphore,
}

/// Why a PIN is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinRefusal {
    /// The room is private and none was given.
    Required,
    /// It is not the room's.
    Wrong,
    /// Too many wrong ones were given; how long to wait.
    Limited(Duration),
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum PrivateRoomError {
    /// So many were made that no more are for a while: how long.
    #[error("too many private rooms are being made")]
    TooMany(Duration),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A PIN could not be hashed.
    #[error("a PIN could not be hashed: {0}")]
    Hash(#[from] password_hash::Error),
    /// The thread that hashes failed.
    #[error("the thread that hashes failed: {0}")]
    Thread(#[from] JoinError),
}

impl PrivateRooms {
    /// With nothing tried yet.
    #[must_use]
    pub fn new(database: Database, limits: &PrivateRoomLimits) -> Self {
        Self(Arc::new(Shared {
            database,
            tries: Tries::new(limits),
            known: Mutex::new(Known::new(limits.rooms)),
            making: Mutex::new(Making::new(limits)),
            hashing: Semaphore::new(limits.hashes),
        }))
    }

    /// Makes a private room of a tenant, with an id that cannot be guessed.
    ///
    /// # Errors
    /// When too many are made, or the database fails.
    pub async fn make(
        &self,
        tenant: &TenantId,
        pin: Pin,
        now: Now,
    ) -> Result<RoomId, PrivateRoomError> {
        lock(&self.0.making)
            .take(now.instant)
            .map_err(PrivateRoomError::TooMany)?;
        let hash = self.hash(pin).await?;
        loop {
            let id = name::random();
            let room = RoomKey::new(tenant.clone(), id.clone());
            if self.0.database.add_room_pin(&room, &hash, now.unix).await? {
                return Ok(id);
            }
        }
    }

    /// Gives a room a PIN, or takes it away.
    ///
    /// # Errors
    /// When the database fails, or the PIN cannot be hashed.
    pub async fn set_pin(
        &self,
        room: &RoomKey,
        pin: Option<Pin>,
        now: UnixMillis,
    ) -> Result<(), PrivateRoomError> {
        let Some(pin) = pin else {
            return Ok(self.0.database.remove_room_pin(room).await?);
        };
        let hash = self.hash(pin).await?;
        Ok(self.0.database.set_room_pin(room, &hash, now).await?)
    }

    /// What is kept of a PIN.
    ///
    /// # Errors
    /// When it cannot be hashed.
    pub async fn hash(&self, pin: Pin) -> Result<String, PrivateRoomError> {
        Ok(self.hashing(move || pin.hash()).await??)
    }

    /// Whether a room asks for a PIN.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_private(&self, room: &RoomKey) -> Result<bool, sqlx::Error> {
        Ok(self.0.database.room_pin(room).await?.is_some())
    }

    /// Checks a PIN at the door of any room: those that are not private need
    /// none. A check that is given up counts as a wrong try.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check(
        &self,
        room: &RoomKey,
        pin: Option<&str>,
        now: Instant,
    ) -> Result<Result<(), PinRefusal>, PrivateRoomError> {
        let Some(hash) = self.0.database.room_pin(room).await? else {
            return Ok(Ok(()));
        };
        let Some(text) = pin.filter(|text| !text.is_empty()) else {
            return Ok(Err(PinRefusal::Required));
        };
        let under_way = match self.0.tries.begin(room, now).await {
            Ok(under_way) => under_way,
            Err(wait) => return Ok(Err(PinRefusal::Limited(wait))),
        };
        let Ok(pin) = Pin::parse(text) else {
            return Ok(Err(PinRefusal::Wrong));
        };
        if !self.fits(pin, hash).await? {
            return Ok(Err(PinRefusal::Wrong));
        }
        under_way.was_right();
        Ok(Ok(()))
    }

    /// Whether a PIN is the one that was hashed. Hundreds who come at once, or
    /// one who comes again and again, do not keep all cores busy: once it was
    /// right, it is known.
    async fn fits(&self, pin: Pin, hash: String) -> Result<bool, PrivateRoomError> {
        if let Some(fits) = lock(&self.0.known).fits(&pin, &hash) {
            return Ok(fits);
        }
        let (tried, kept) = (pin.clone(), hash.clone());
        let fits = self.hashing(move || pin.fits(&hash)).await??;
        if fits {
            lock(&self.0.known).note(&tried, kept);
        }
        Ok(fits)
    }

    /// Does what takes a core for milliseconds on a thread that may block.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // the semaphore is never closed
        let _turn = self.0.hashing.acquire().await.ok();
        spawn_blocking(work).await
    }
}

/// Nothing that holds these locks can panic half-way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A bucket that refills with time: how many rooms may be made.
#[derive(Debug)]
struct Making {
    /// When the bucket would be full again.
    full_at: Option<Instant>,
    each: Duration,
    burst: Duration,
}

impl Making {
    fn new(limits: &PrivateRoomLimits) -> Self {
        let each = Duration::from_secs(60) / limits.per_minute.max(1);
        Self {
            full_at: None,
            each,
            burst: each * limits.burst.max(1),
        }
    }

    /// Takes one, or says how long to wait.
    fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.map_or(now, |at| at.max(now)) + self.each;
        let early = full_at.saturating_duration_since(now + self.burst);
        if early > Duration::ZERO {
            return Err(early);
        }
        self.full_at = Some(full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_made_in_a_burst_and_then_steadily() {
        let limits = PrivateRoomLimits {
            burst: 3,
            per_minute: 60,
            ..PrivateRoomLimits::default()
        };
        let (mut making, start) = (Making::new(&limits), Instant::now());
        let second = Duration::from_secs(1);
        for _ in 0..3 {
            assert_eq!(making.take(start), Ok(()));
        }
        assert_eq!(making.take(start), Err(second));
        assert_eq!(making.take(start + second), Ok(()));
        assert!(making.take(start + second).is_err());
        for _ in 0..3 {
            assert_eq!(making.take(start + 60 * second), Ok(()));
        }
        assert!(making.take(start + 60 * second).is_err());
    }
}
