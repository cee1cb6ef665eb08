//! Every word that the page says. The words stand in `app/texts/<tag>.json`,
//! one file per language; the structs of [`sections`] say which there are.
//!
//! Components ask [`text`] and never hold words of their own.
//!
//! **A new word:** a field in the section's struct, and the same key in
//! `app/texts/en.json`. Kinds of fields: `&'static str`; [`Template`](words::Template), a
//! sentence with gaps (`"{name} joined"`, `words.joined.with(&name)`);
//! [`Plural`](words::Plural), a sentence with a number (`words.unread.of(3)`);
//! [`Explanation`], a title with a hint; or a section of its own. The tests of
//! `files` then name the languages that lack it.
//!
//! **A new language:** its file, a line in [`Language::ALL`] and in `files`,
//! and its plural rule.

#[cfg(not(target_arch = "wasm32"))]
mod files;
mod initials;
mod language;
mod links;
mod plural;
mod room_name;
mod sections;
mod source;
mod words;

#[cfg(feature = "ssr")]
pub(crate) use self::files::{compact, version};
pub(crate) use initials::initials;
pub(crate) use language::Language;
pub(crate) use links::{Piece, pieces};
pub(crate) use room_name::room_name;
pub(crate) use sections::{Moderation, Which};
pub(crate) use words::Explanation;

use sections::{
    Asked, Chat, Common, Devices, Ended, Help, Home, Lobby, Meeting, Notice, Page, People, Player,
    Prejoin, Private, Problem, Recording, Settings, Tile, Tools, Watch,
};
use source::Source;
use words::Word;

/// [`Text`]: each section by its key in the text files.
macro_rules! text {
    ($($key:ident: $section:ident),* $(,)?) => {
        /// All words of one language.
        pub(crate) struct Text {
            /// BCP 47 tag, for `<html lang>` and for times.
            pub(crate) lang: &'static str,
            /// `ltr` or `rtl`.
            pub(crate) dir: &'static str,
            $(pub(crate) $key: $section,)*
        }

        impl Text {
            fn read(language: &'static Language, source: &Source<'_>) -> Self {
                source.nothing_but(&[$(stringify!($key)),*]);
                Self {
                    lang: language.tag,
                    dir: language.dir,
                    $($key: Word::read(source, stringify!($key)),)*
                }
            }
        }
    };
}

text! {
    common: Common,
    home: Home,
    problem: Problem,
    devices: Devices,
    prejoin: Prejoin,
    meeting: Meeting,
    tile: Tile,
    people: People,
    chat: Chat,
    settings: Settings,
    help: Help,
    notice: Notice,
    moderation: Moderation,
    asked: Asked,
    tools: Tools,
    lobby: Lobby,
    ended: Ended,
    page: Page,
    player: Player,
    private: Private,
    recording: Recording,
    watch: Watch,
}

/// The words for the component that asks. A component that shall follow a
/// change of the language while it stands stands below one that calls
/// [`crate::browser::language::track`].
#[cfg(target_arch = "wasm32")]
pub(crate) fn text() -> &'static Text {
    crate::browser::language::shown()
}

/// The words for the component that asks: those of the request's language,
/// which the document has put into the context.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn text() -> &'static Text {
    leptos::prelude::use_context().unwrap_or_else(|| of_language(Language::english()))
}

/// All words of a language.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn of_language(language: &'static Language) -> &'static Text {
    files::text(language)
}

/// Reads the words of a language that the server has sent. They stay for as
/// long as the page.
#[cfg(target_arch = "wasm32")]
pub(crate) fn read(language: &'static Language, json: &str) -> &'static Text {
    let complaints = source::Complaints::default();
    let source = Source::parse(language.tag, json, &complaints);
    Box::leak(Box::new(Text::read(language, &source)))
}
