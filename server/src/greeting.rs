//! What a person who starts the server wants to know.

use rand::seq::IndexedRandom;

use crate::config::Config;

const FIRST: &[&str] = &[
    "amber", "brisk", "calm", "clear", "coral", "gentle", "golden", "green", "light", "quiet",
    "silver", "sunny", "swift", "warm", "wide", "young",
];
const SECOND: &[&str] = &[
    "bay", "brook", "dune", "field", "forest", "garden", "grove", "harbor", "hill", "island",
    "lake", "meadow", "river", "shore", "valley", "wood",
];

/// The address, and the link to a first room.
pub(crate) fn greeting(config: &Config, address: std::net::SocketAddr) -> String {
    let base = config.http.base_url(address);
    let room = first_room();
    format!(
        "Meetframe {} is running.\n\n  Address     {base}\n  First room  {base}/call/{room}\n\nPress Ctrl+C to stop it.",
        env!("CARGO_PKG_VERSION")
    )
}

/// Two words and a number: easy to read out, not in use already.
fn first_room() -> String {
    let mut rng = rand::rng();
    let word = |list: &'static [&'static str], rng: &mut _| *list.choose(rng).unwrap_or(&"room");
    let (first, second) = (word(FIRST, &mut rng), word(SECOND, &mut rng));
    format!("{first}-{second}-{}", rand::random_range(100..1000))
}
