//! The bridge between components and engine.
//!
//! Components find it in the context: they read [`Store`] and send `Intent`s.
//! The engine exists in the browser only, from hydration to the end of the
//! page; on the server and before that, intents go nowhere.

use client::{Intent, RoomConfig};
use leptos::{prelude::*, web_sys::MediaStream};
use protocol::TrackRef;

use super::Store;

/// A handle on the meeting of this page.
#[derive(Clone, Copy)]
pub(crate) struct Meeting {
    /// What there is to show.
    pub(crate) store: Store,
    #[cfg(target_arch = "wasm32")]
    engine: StoredValue<Option<client::Engine>, LocalStorage>,
    /// Who sees each model besides the store.
    #[cfg(target_arch = "wasm32")]
    watcher: StoredValue<Option<Watcher>, LocalStorage>,
}

/// Sees a model.
#[cfg(target_arch = "wasm32")]
type Watcher = std::rc::Rc<dyn Fn(&client::model::Model)>;

impl Meeting {
    /// A meeting that has not started yet.
    pub(crate) fn new() -> Self {
        Self {
            store: Store::new(),
            #[cfg(target_arch = "wasm32")]
            engine: StoredValue::new_local(None),
            #[cfg(target_arch = "wasm32")]
            watcher: StoredValue::new_local(None),
        }
    }

    /// The meeting of the page that a component stands in.
    pub(crate) fn expect() -> Self {
        expect_context()
    }
}

#[cfg(target_arch = "wasm32")]
impl Meeting {
    /// Starts the engine; it ends with the component that calls this.
    pub(crate) fn start(self, config: RoomConfig) {
        let store = self.store;
        let engine = client::Engine::new(config, move |model| {
            store.apply(model);
            if let Some(watcher) = self.watcher.try_get_value().flatten() {
                watcher(model);
            }
        });
        store.apply(&engine.model());
        self.engine.set_value(Some(engine));
    }

    /// Shows each model from now on to somebody, after the store.
    pub(crate) fn watch(self, watcher: impl Fn(&client::model::Model) + 'static) {
        self.watcher.set_value(Some(std::rc::Rc::new(watcher)));
    }

    /// Ends the engine: socket, connection, devices.
    pub(crate) fn close(self) {
        if let Some(engine) = self.engine.try_update_value(Option::take).flatten() {
            engine.close();
        }
    }

    /// Asks the engine for something.
    pub(crate) fn send(self, intent: Intent) {
        if let Some(engine) = self.engine() {
            engine.send(intent);
        }
    }

    /// The stream of a video track, one's own included.
    pub(crate) fn video_stream(self, track: &TrackRef) -> Option<MediaStream> {
        self.engine()?.video_stream(track)
    }

    /// The own camera.
    pub(crate) fn preview_stream(self) -> Option<MediaStream> {
        self.engine()?.preview_stream()
    }

    /// The engine itself, while there is one.
    pub(crate) fn engine(self) -> Option<client::Engine> {
        self.engine.try_get_value().flatten()
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Meeting {
    /// The server runs no engine.
    pub(crate) fn start(self, config: RoomConfig) {
        drop(config);
    }

    /// The server runs no engine.
    pub(crate) fn close(self) {}

    /// The server runs no engine.
    pub(crate) fn send(self, intent: Intent) {
        drop(intent);
    }

    /// The server has no streams.
    pub(crate) fn video_stream(self, _track: &TrackRef) -> Option<MediaStream> {
        None
    }

    /// The server has no streams.
    pub(crate) fn preview_stream(self) -> Option<MediaStream> {
        None
    }
}
