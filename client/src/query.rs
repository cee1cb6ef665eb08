//! The query of a page's address: one attribute in it, and the others as they
//! stand there.

/// The query without an attribute.
#[must_use]
pub fn without(query: &str, name: &str) -> String {
    let is_other = |pair: &&str| pair.split('=').next() != Some(name);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.filter(is_other).collect::<Vec<_>>().join("&")
}

/// The query with this token and no other.
#[must_use]
pub fn with_token(query: &str, token: &str) -> String {
    let mut query = without(query, "token");
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str("token=");
    for byte in token.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                query.push(char::from(byte));
            }
            other => query.push_str(&format!("%{other:02X}")),
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_takes_the_place_of_the_one_before() {
        assert_eq!(with_token("", "a.b-c_d"), "token=a.b-c_d");
        assert_eq!(
            with_token("roomId=x&token=old&lang=de&token=older", "new"),
            "roomId=x&lang=de&token=new"
        );
        assert_eq!(
            with_token("accessToken=1", "a&b c"),
            "accessToken=1&token=a%26b%20c"
        );
    }

    #[test]
    fn an_attribute_goes_and_the_others_stay() {
        assert_eq!(
            without("displayName=Ann&roomId=x", "displayName"),
            "roomId=x"
        );
        assert_eq!(without("roomId=x&displayName", "displayName"), "roomId=x");
        assert_eq!(without("roomId=x", "displayName"), "roomId=x");
    }
}
