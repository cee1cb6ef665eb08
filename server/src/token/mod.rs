//! Tokens: attributes that an integrator signed (JWT, RFC 7519).
//!
//! Owns keys, signatures, times, and making tokens for the command line. What
//! the attributes mean belongs to `attributes`; how long a token lasts since
//! its first use is counted by whoever keeps that.

mod check;
mod claims;
mod key;
mod local;
mod mint;
mod moment;

pub use check::{BadToken, TOKEN_MAX, VerifiedToken, verify};
pub use claims::Claims;
pub use key::{BadKey, Key, KeyRing, LOCAL_KID};
pub use local::local_key;
pub use mint::{CannotMint, Minter, Recipe};
pub use moment::{BadMoment, Moment};
