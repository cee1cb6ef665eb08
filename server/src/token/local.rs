//! The server's own secret for tokens.

use rand::RngCore;

use crate::{
    clock::UnixMillis,
    db::{Database, Purpose},
};

const SECRET_BYTES: usize = 32;

/// Loads the secret from the database, where it is made on the first use:
/// tenants without keys get theirs from it.
///
/// # Errors
/// When the database fails.
pub async fn local_key(db: &Database, now: UnixMillis) -> Result<Vec<u8>, sqlx::Error> {
    let mut fresh = [0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut fresh);
    db.server_key(Purpose::Token, &fresh, now).await
}
