//! What stands in an avatar.

/// The first letters of the first and the last word of a name, in capitals.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("ada lovelace"), "AL");
        assert_eq!(initials("Johann Sebastian Bach"), "JB");
        assert_eq!(initials("Plato"), "P");
        assert_eq!(initials("(Élodie) Ζωή"), "ÉΖ");
        assert_eq!(initials("🎈"), "");
        assert_eq!(initials(""), "");
    }
}
