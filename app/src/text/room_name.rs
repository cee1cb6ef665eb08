//! Room names that can be read aloud in any language and guessed in none.

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aeio";

/// Three words of two syllables and an end, such as `lumev-rakon-tepis`: 48 bits.
pub(crate) fn room_name(random: [u8; 8]) -> String {
    let mut bits = u64::from_le_bytes(random);
    let mut take = |count: u32| {
        let taken = bits & ((1 << count) - 1);
        bits >>= count;
        usize::try_from(taken).unwrap_or_default()
    };
    let mut name = String::with_capacity(17);
    for word in 0..3 {
        if word > 0 {
            name.push('-');
        }
        for letter in 0..5 {
            let letter = if letter % 2 == 0 {
                CONSONANTS[take(4)]
            } else {
                VOWELS[take(2)]
            };
            name.push(char::from(letter));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::RoomId;

    use super::room_name;

    proptest! {
        #[test]
        fn every_name_is_a_room_id_and_other_bits_make_another(bits in 0_u64..(1 << 48), flip in 0_u32..48) {
            let name = room_name(bits.to_le_bytes());
            prop_assert!(RoomId::parse(&name).is_ok());
            let other: u64 = bits ^ (1_u64 << flip);
            prop_assert_ne!(name, room_name(other.to_le_bytes()));
        }
    }
}
