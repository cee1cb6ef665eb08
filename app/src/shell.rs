//! The HTML document around the application: head, language, words, scripts.
//!
//! Rendered on the server only. Leaves everything inside `<body>` to [`App`].

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};
use protocol::PageSettings;

use crate::{App, brand, page_language, text};

/// Within a page of somebody else: says that the frame is here, and keeps the
/// greeting of that page's bridge until the application takes it. Nothing but
/// the mark of a frame goes to an address that is not known yet.
const GREETING: &str = "parent!==self&&(()=>{const m=self.__meetframe={hello:null,take:null,\
here(){parent.postMessage({meetframe:'here',version:1},'*')}};\
addEventListener('message',e=>{if(e.source===parent&&e.data&&e.data.meetframe==='hello')\
m.take?m.take(e):m.hello=e});m.here()})()";

/// In a recorder's page: captures the tab as soon as there is a document.
const TAB: &str = include_str!("recorder/tab.js");

/// The document of every page.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let choice = page_language::choose();
    page_language::announce(choice.language);
    provide_context(text::of_language(choice.language));
    view! {
        <!DOCTYPE html>
        <html lang=choice.language.tag dir=choice.language.dir style=brand::style()>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <script nonce=use_nonce() inner_html=GREETING></script>
                {is_recorder().then(|| view! { <script nonce=use_nonce() inner_html=TAB></script> })}
                <AutoReload options=options.clone() />
                <HydrationScripts options=options.clone() />
                <HashedStylesheet options id="style" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <script
                    type="application/json"
                    id="texts"
                    nonce=use_nonce()
                    data-version=text::version()
                    data-asked=choice.asked.then_some("")
                    inner_html=harmless(text::compact(choice.language))
                ></script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Whether the page is the one that records itself.
fn is_recorder() -> bool {
    use_context::<PageSettings>().is_some_and(|page| page.recorder)
}

/// JSON that cannot end the element it stands in, nor open a comment.
fn harmless(json: &str) -> String {
    json.replace('<', r"\u003c")
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn json_in_a_page_stays_json_and_ends_nothing() {
        let json = r#"{"a":"</script><!--"}"#;
        let escaped = harmless(json);
        assert!(!escaped.contains('<'), "{escaped}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&escaped), read(json));
    }
}
