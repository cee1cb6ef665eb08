//! The language of the page while it runs: what is shown, and how it changes
//! without anything else changing.
//!
//! The server chooses at first. What somebody chose in the settings counts on
//! the next visit, unless the address asks for a language.

use leptos::prelude::*;

use crate::text::{self, Text};

/// The page's language as a signal.
#[derive(Clone, Copy)]
pub(crate) struct PageTongue {
    text: RwSignal<&'static Text>,
    /// The last wish could not be fulfilled.
    failed: RwSignal<bool>,
    /// Somebody has just chosen, and their focus is on the choice.
    choosing: StoredValue<bool>,
}

/// Makes the language known to all components.
pub(crate) fn provide() {
    let tongue = PageTongue {
        text: RwSignal::new(text::text()),
        failed: RwSignal::new(false),
        choosing: StoredValue::new(false),
    };
    provide_context(tongue);
    #[cfg(target_arch = "wasm32")]
    Effect::new(move |_| tongue.recall());
}

/// Has the caller drawn anew when the language changes.
pub(crate) fn track() {
    if let Some(tongue) = use_context::<PageTongue>() {
        tongue.text.track();
    }
}

/// A page that is drawn anew when the language changes.
pub(crate) fn translated<V: IntoView + 'static>(
    page: impl Fn() -> V + Send + 'static,
) -> impl IntoView {
    move || {
        track();
        page()
    }
}

impl PageTongue {
    /// The language of the page that a component stands in.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Whether the last wish could not be fulfilled.
    pub(crate) fn has_failed(self) -> bool {
        self.failed.get()
    }

    /// Whether the choice was used a moment ago; says so once.
    pub(crate) fn was_choosing(self) -> bool {
        let was = self.choosing.get_value();
        self.choosing.set_value(false);
        was
    }
}

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{LanguageError, shown};

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::cell::{Cell, RefCell};

    use leptos::{prelude::*, task::spawn_local, web_sys};
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    use super::PageTongue;
    use crate::{
        browser::storage,
        text::{self, Language, Text},
    };

    /// Where the choice is remembered.
    const KEY: &str = "meetframe.language";

    /// Why a language is not shown.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum LanguageError {
        /// There is no such language.
        Unknown,
        /// Its file could not be had: the network is away, or the server has a
        /// newer version than this page.
        Unavailable,
    }

    thread_local! {
        static SHOWN: Cell<Option<&'static Text>> = const { Cell::new(None) };
        /// Those that were read: one for each language that was ever shown.
        static READ: RefCell<Vec<&'static Text>> = const { RefCell::new(Vec::new()) };
        /// The last wish; an older one that arrives late is dropped.
        static WANTED: Cell<&'static str> = const { Cell::new("") };
    }

    /// What is shown; at first, what the server has sent with the page.
    pub(crate) fn shown() -> &'static Text {
        SHOWN.get().unwrap_or_else(|| {
            let tag = document()
                .document_element()
                .and_then(|root| root.get_attribute("lang"));
            let language = tag.and_then(|tag| Language::of_tag(&tag));
            let json = sent().and_then(|texts| texts.text_content());
            let text = read(
                language.unwrap_or(Language::english()),
                &json.unwrap_or_default(),
            );
            SHOWN.set(Some(text));
            text
        })
    }

    fn sent() -> Option<web_sys::Element> {
        document().get_element_by_id("texts")
    }

    fn read(language: &'static Language, json: &str) -> &'static Text {
        let text = text::read(language, json);
        READ.with_borrow_mut(|all| all.push(text));
        text
    }

    impl PageTongue {
        /// Takes up what was chosen on an earlier visit.
        pub(super) fn recall(self) {
            let asked = sent().is_some_and(|texts| texts.has_attribute("data-asked"));
            if let Some(tag) = storage::read(KEY).filter(|_| !asked) {
                spawn_local(async move {
                    // the server's choice is good enough, and nobody has asked now
                    let _ = self.set(&tag).await;
                });
            }
        }

        /// Somebody's choice: shown, and remembered.
        pub(crate) fn choose(self, tag: String) {
            self.choosing.set_value(true);
            spawn_local(async move {
                let outcome = self.set(&tag).await;
                self.failed.set(outcome.is_err());
                if outcome.is_ok() {
                    storage::write(KEY, &tag);
                }
            });
        }

        /// Shows the page in another language.
        pub(crate) async fn set(self, tag: &str) -> Result<(), LanguageError> {
            let language = Language::of_tag(tag).ok_or(LanguageError::Unknown)?;
            WANTED.set(language.tag);
            let text = match known(language) {
                Some(text) => text,
                None => load(language).await.ok_or(LanguageError::Unavailable)?,
            };
            if WANTED.get() == text.lang && shown().lang != text.lang {
                self.show(text);
            }
            Ok(())
        }

        fn show(self, text: &'static Text) {
            SHOWN.set(Some(text));
            if let Some(root) = document().document_element() {
                // neither can fail: the names are valid attributes
                let _ = root.set_attribute("lang", text.lang);
                let _ = root.set_attribute("dir", text.dir);
            }
            self.text.set(text);
        }
    }

    fn known(language: &'static Language) -> Option<&'static Text> {
        READ.with_borrow(|all| all.iter().copied().find(|text| text.lang == language.tag))
    }

    async fn load(language: &'static Language) -> Option<&'static Text> {
        let version = sent()?.get_attribute("data-version")?;
        let address = format!("/texts/{version}/{}.json", language.tag);
        let response = JsFuture::from(window().fetch_with_str(&address))
            .await
            .ok()?
            .dyn_into::<web_sys::Response>()
            .ok()
            .filter(web_sys::Response::ok)?;
        let json = JsFuture::from(response.text().ok()?).await.ok()?;
        // another wish may have brought it meanwhile
        known(language).or_else(|| Some(read(language, &json.as_string()?)))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl PageTongue {
    /// There is nobody on the server who could choose.
    pub(crate) fn choose(self, _tag: String) {}
}
