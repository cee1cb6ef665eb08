//! What a person who starts the server wants to know.

use rand::seq::IndexedRandom;

use crate::{
    accounts::{Password, User},
    config::Config,
};

const FIRST: &[&str] = &[
    "amber", "brisk", "calm", "clear", "coral", "gentle", "golden", "green", "light", "quiet",
    "silver", "sunny", "swift", "warm", "wide", "young",
];
const SECOND: &[&str] = &[
    "bay", "brook", "dune", "field", "forest", "garden", "grove", "harbor", "hill", "island",
    "lake", "meadow", "river", "shore", "valley", "wood",
];

/// The address, the link to a first room, and how to lead it.
/// The first user of a new database comes with the one-time password, which is
/// shown nowhere else.
pub(crate) fn greeting(
    config: &Config,
    address: std::net::SocketAddr,
    first: Option<&(User, Password)>,
) -> String {
    let base = config.http.base_url(address);
    let room = first_room();
    let first = first.map_or_else(String::new, |(user, password)| first_user(user, password));
    format!(
        "Meetframe {} is running.\n\n  Address     {base}\n  First room  {base}/call/{room}\n  \
         To lead it  meetframe token mint --room {room} --role moderator\n{first}\nPress Ctrl+C to stop it.",
        env!("CARGO_PKG_VERSION")
    )
}

fn first_user(user: &User, password: &Password) -> String {
    format!(
        "\n  REST API    /api/docs\n  First user  {}\n  Password    {}\n              \
         good for 24 hours and shown this once; change it by POST /auth/password\n",
        user.name,
        password.expose()
    )
}

/// Two words and a number: easy to read out, not in use already.
fn first_room() -> String {
    let mut rng = rand::rng();
    let word = |list: &'static [&'static str], rng: &mut _| *list.choose(rng).unwrap_or(&"room");
    let (first, second) = (word(FIRST, &mut rng), word(SECOND, &mut rng));
    format!("{first}-{second}-{}", rand::random_range(100..1000))
}
