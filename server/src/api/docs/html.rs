//! Text that goes into HTML.

/// Whatever a text holds, it stays text.
pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, c| {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
        safe
    })
}

/// Prose of the document: paragraphs, and code between backticks.
pub(super) fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs
        .map(|text| format!("<p>{}</p>", words(text)))
        .collect()
}

/// The same within a line.
pub(super) fn words(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(n, part)| match n % 2 {
            1 => format!("<code>{}</code>", escape(part)),
            _ => escape(part),
        })
        .collect()
}

/// A whole page.
pub(super) fn page(title: &str, navigation: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Meetframe</title>\
         <link rel=\"stylesheet\" href=\"/api/docs.css\">\
         <link rel=\"icon\" href=\"/favicon.svg\"></head>\
         <body><a class=\"skip\" href=\"#main\">Skip to the text</a>\
         <header><a href=\"/api/docs\"><strong>Meetframe</strong> REST API</a>\
         <nav aria-label=\"Pages\"><a href=\"/api/errors\">Errors</a>\
         <a href=\"/api/openapi.json\">OpenAPI</a></nav></header>\
         <div class=\"columns\">{navigation}<main id=\"main\">{main}</main></div></body></html>\n",
        title = escape(title),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_backticks_are_code() {
        assert_eq!(words("a `<b>` & c"), "a <code>&lt;b&gt;</code> &amp; c");
        assert_eq!(prose("one\n\ntwo"), "<p>one</p><p>two</p>");
    }
}
