//! How often a password may be wrong: pure. So many times for a user, whoever
//! tries, and so many from an address, whoever is tried.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::{Duration, Instant},
};

use super::UserName;
use crate::{
    limits::LoginLimits,
    window::{Limited, Window, WindowLimits},
};

/// The wrong tries of late.
pub(super) struct Guessing {
    users: Window<UserName>,
    addresses: Window<IpAddr>,
}

/// A try, which counts as wrong until it is given back.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    user: Option<UserName>,
    from: IpAddr,
    at: Instant,
}

impl Guessing {
    pub(super) fn new(limits: &LoginLimits) -> Self {
        let window = |most| WindowLimits {
            most,
            per: limits.per,
            keys: limits.remembered,
        };
        Self {
            users: Window::new(window(limits.wrong_each)),
            addresses: Window::new(window(limits.wrong_from)),
        }
    }

    /// Takes a try, or says how long to wait. A name that nobody can have
    /// counts for the address alone.
    pub(super) fn take(
        &mut self,
        user: Option<UserName>,
        from: IpAddr,
        now: Instant,
    ) -> Result<Guess, Duration> {
        let from = network(from);
        let limited = |Limited(wait)| wait;
        self.addresses.take(&from, now).map_err(limited)?;
        if let Some(name) = &user
            && let Err(wait) = self.users.take(name, now).map_err(limited)
        {
            self.addresses.give_back(&from, now);
            return Err(wait);
        }
        Ok(Guess {
            user,
            from,
            at: now,
        })
    }

    /// The password was right.
    pub(super) fn give_back(&mut self, guess: &Guess) {
        self.addresses.give_back(&guess.from, guess.at);
        if let Some(name) = &guess.user {
            self.users.give_back(name, guess.at);
        }
    }
}

/// Who has one IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn name(text: &str) -> Option<UserName> {
        text.parse().ok()
    }

    fn guessing() -> Guessing {
        Guessing::new(&LoginLimits {
            wrong_each: 2,
            wrong_from: 3,
            per: 60 * SECOND,
            ..LoginLimits::default()
        })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn user_is_guarded_from_all_addresses_and_all_users_from_one() {
        let (mut guessing, now) = (guessing(), Instant::now());
        let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
        for from in [here, there] {
            assert!(guessing.take(name("ada"), from, now).is_ok());
        }
        let wait = guessing.take(name("ada"), here, now).err();
        assert_eq!(wait, Some(60 * SECOND));
        // what was refused counts for nobody
        for user in ["bob", "cleo"] {
            assert!(guessing.take(name(user), here, now).is_ok());
        }
        assert!(guessing.take(name("dan"), here, now).is_err());
        assert!(guessing.take(None, here, now).is_err());
        assert!(guessing.take(name("dan"), there, now).is_ok());
    }

    #[test]
    fn right_password_counts_for_nothing() {
        let (mut guessing, now) = (guessing(), Instant::now());
        for _ in 0..10 {
            let guess = guessing.take(name("ada"), address("192.0.2.1"), now);
            guessing.give_back(&guess.expect("a try"));
        }
    }

    #[test]
    fn neighbours_of_one_ipv6_network_are_one() {
        let (mut guessing, now) = (guessing(), Instant::now());
        for last in 1..=3 {
            let from = address(&format!("2001:db8::{last}"));
            assert!(guessing.take(None, from, now).is_ok());
        }
        assert!(guessing.take(None, address("2001:db8::4"), now).is_err());
        assert!(guessing.take(None, address("2001:db8:0:1::4"), now).is_ok());
    }
}
