//! Bounds of logging in.

use std::time::Duration;

/// People who log in.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginLimits {
    /// How many wrong passwords a user may have within `per`, whoever tries.
    /// Fewer let a stranger lock somebody out with less effort.
    pub wrong_each: usize,
    /// How many wrong passwords may come from an address within `per`.
    pub wrong_from: usize,
    /// The span of time for both.
    pub per: Duration,
    /// How many users and addresses are remembered for that.
    pub remembered: usize,
    /// How many passwords may be hashed at once; more wait.
    pub hashes: usize,
    /// How many may wait for that; more are refused.
    pub waiting: usize,
    /// How long an access token is good.
    pub access: Duration,
    /// How long a refresh token is good.
    pub refresh: Duration,
    /// How long a password that somebody else made is good.
    pub one_time: Duration,
    /// How many logins of a user are kept; the oldest end.
    pub each: u32,
}

impl Default for LoginLimits {
    fn default() -> Self {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        Self {
            wrong_each: 10,
            wrong_from: 30,
            per: Duration::from_secs(15 * 60),
            remembered: 10_000,
            hashes: 2,
            waiting: 64,
            access: 24 * HOUR,
            refresh: 30 * 24 * HOUR,
            one_time: 24 * HOUR,
            each: 100,
        }
    }
}
