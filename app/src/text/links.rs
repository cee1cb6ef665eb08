//! Finds web addresses in what people write.
//!
//! Only `http://` and `https://` become links, so no text can smuggle a script
//! in; everything else stays text.

use protocol::turns_text;

/// A piece of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// An address to follow.
    Link(&'a str),
}

impl Piece<'_> {
    /// The characters of the piece.
    #[cfg(test)]
    fn as_str(&self) -> &str {
        match self {
            Piece::Text(text) | Piece::Link(text) => text,
        }
    }
}

/// Cuts a text into plain pieces and links; put together they are the text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_start(rest) {
        let length = link_length(&rest[start..]);
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        pieces.push(Piece::Link(&rest[start..start + length]));
        rest = &rest[start + length..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Where the next address starts: not in the middle of a word, and with
/// something behind the slashes.
fn next_start(text: &str) -> Option<usize> {
    text.match_indices("http").map(|(i, _)| i).find(|i| {
        let before = text[..*i].chars().next_back();
        let in_word = before.is_some_and(char::is_alphanumeric);
        !in_word && scheme_length(&text[*i..]).is_some()
    })
}

fn scheme_length(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .into_iter()
        .find(|scheme| {
            text.strip_prefix(scheme)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|c| c.is_alphanumeric() || c == '[')
        })
        .map(str::len)
}

/// How much belongs to the address: up to white space, without the marks that
/// end a sentence and without a bracket that was opened before it.
fn link_length(text: &str) -> usize {
    let end = text
        .find(|c: char| c.is_whitespace() || c.is_control() || turns_text(c) || "<>\"`".contains(c))
        .unwrap_or(text.len());
    let mut link = &text[..end];
    while let Some(last) = link.chars().next_back() {
        let closes = match last {
            ')' => unbalanced(link, '(', ')'),
            ']' => unbalanced(link, '[', ']'),
            _ => ".,;:!?'*_".contains(last),
        };
        if !closes {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    link.len()
}

fn unbalanced(text: &str, open: char, close: char) -> bool {
    text.matches(close).count() > text.matches(open).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        Piece::{self, Link, Text},
        pieces,
    };

    #[test]
    fn addresses_become_links_and_the_rest_stays_text() {
        assert_eq!(
            pieces("see https://a.example/x?y=1#z, please"),
            [
                Text("see "),
                Link("https://a.example/x?y=1#z"),
                Text(", please")
            ]
        );
        assert_eq!(pieces("plain"), [Text("plain")]);
    }

    #[test]
    fn a_bracket_around_the_address_stays_outside() {
        assert_eq!(
            pieces("(http://a.example/b_(c))"),
            [Text("("), Link("http://a.example/b_(c)"), Text(")")]
        );
    }

    #[test]
    fn other_schemes_and_bare_slashes_are_no_links() {
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "xhttp://a.example",
            "http:// a",
        ] {
            assert_eq!(pieces(text), [Text(text)], "{text}");
        }
    }

    #[test]
    fn marks_that_turn_the_text_round_end_an_address() {
        assert_eq!(
            pieces("https://a.example/\u{202e}moc.knab"),
            [Link("https://a.example/"), Text("\u{202e}moc.knab")]
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_link_is_a_web_address(text in "(http|https://|[a-z:/.() ]|\\PC){0,60}") {
            let pieces = pieces(&text);
            let whole: String = pieces.iter().map(Piece::as_str).collect();
            prop_assert_eq!(whole, text.clone());
            for piece in pieces {
                if let Link(link) = piece {
                    prop_assert!(link.starts_with("http://") || link.starts_with("https://"));
                    prop_assert!(!link.contains(char::is_whitespace));
                }
            }
        }
    }
}
