//! Names of private rooms: can be read aloud, cannot be guessed.

use protocol::RoomId;
use rand::{Rng, seq::IndexedRandom};

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aeio";
const WORDS: usize = 3;
const LETTERS: usize = 5;

/// Three words such as `lumev-rakon-tepis`: 48 bits.
pub(crate) fn random() -> RoomId {
    let mut rng = rand::rng();
    let words: Vec<String> = (0..WORDS).map(|_| word(&mut rng)).collect();
    RoomId::parse(&words.join("-")).expect("letters and hyphens make a room id")
}

fn word(rng: &mut impl Rng) -> String {
    (0..LETTERS)
        .filter_map(|letter| {
            if letter % 2 == 0 {
                CONSONANTS.choose(rng)
            } else {
                VOWELS.choose(rng)
            }
        })
        .map(|byte| char::from(*byte))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_three_words_and_differ() {
        let (one, other) = (random(), random());
        assert_ne!(one, other);
        let words: Vec<&str> = one.as_str().split('-').collect();
        assert_eq!(words.len(), WORDS);
        assert!(words.iter().all(|word| word.len() == LETTERS));
    }
}
