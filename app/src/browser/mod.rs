//! Small guards around what the browser offers. Everything is optional here:
//! where the browser, or the page that embeds us, denies something, the answer
//! is `None` or `false` and the page goes on.
//!
//! Called from effects and event handlers only, so never on the server.

pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod embedding;
pub(crate) mod focus;
pub(crate) mod full_screen;
pub(crate) mod language;
pub(crate) mod languages;
pub(crate) mod policy;
pub(crate) mod random;
pub(crate) mod reload;
pub(crate) mod resize;
pub(crate) mod storage;
pub(crate) mod theme;
pub(crate) mod visibility;
pub(crate) mod wake_lock;
