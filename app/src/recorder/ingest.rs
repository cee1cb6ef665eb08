//! The socket on which the recording goes to the server.

use client::Listener;
use js_sys::{Array, Uint8Array};
use protocol::{FromRecorder, ToRecorder};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, MessageEvent, WebSocket};

use super::{run::Input, said};

/// The most bytes that may wait for the network: about a minute and a half of
/// an ordinary recording. A server that takes longer gets no whole recording
/// any more, so that it is rather told.
const WAITING_MAX: u32 = 32 * 1_024 * 1_024;

/// An open or opening socket; closed on drop, after all that was sent.
pub(super) struct Ingest {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Ingest {
    /// Connects to the page's own server.
    ///
    /// # Errors
    /// What the browser says when it forbids the connection.
    pub(super) fn open(put: impl Fn(Input) + Clone + 'static) -> Result<Self, String> {
        let address = address().map_err(|error| said(&error))?;
        let socket = WebSocket::new(&address).map_err(|error| said(&error))?;
        let on = |event, put: Box<dyn Fn()>| Listener::new(&socket, event, move |_| put());
        let listeners = [
            on("open", {
                let put = put.clone();
                Box::new(move || put(Input::Connected))
            }),
            on("close", {
                let put = put.clone();
                Box::new(move || put(Input::Lost))
            }),
            Listener::new(&socket, "message", move |event| {
                let event: MessageEvent = event.unchecked_into();
                put(word(&event.data()));
            }),
        ];
        Ok(Self {
            socket,
            _listeners: listeners,
        })
    }

    /// Says something, after everything that was sent before. A socket that is
    /// closing takes nothing, and its `close` is told.
    pub(super) fn say(&self, word: &FromRecorder) {
        let text = serde_json::to_string(word).expect("messages have string keys only");
        if self.socket.ready_state() == WebSocket::OPEN {
            // fails only while it is connecting
            let _ = self.socket.send_with_str(&text);
        }
    }

    /// Sends the next bytes of a volume. The browser keeps the order.
    ///
    /// # Errors
    /// When the server has fallen too far behind.
    pub(super) fn send(&self, volume: u32, bytes: &Blob) -> Result<(), String> {
        let waiting = self.socket.buffered_amount();
        if waiting > WAITING_MAX {
            return Err(format!("{waiting} bytes wait for the server"));
        }
        let head = Uint8Array::from(&volume.to_be_bytes()[..]);
        let whole = Blob::new_with_blob_sequence(&Array::of2(&head, bytes));
        let whole = whole.map_err(|error| said(&error))?;
        if self.socket.ready_state() == WebSocket::OPEN {
            return self
                .socket
                .send_with_blob(&whole)
                .map_err(|error| said(&error));
        }
        Ok(())
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        // fails only for invalid codes, and none is given
        let _ = self.socket.close();
    }
}

fn address() -> Result<String, JsValue> {
    let location = leptos::prelude::window().location();
    let scheme = match location.protocol()?.as_str() {
        "https:" => "wss",
        _ => "ws",
    };
    Ok(format!("{scheme}://{}/recording/ingest", location.host()?))
}

fn word(data: &JsValue) -> Input {
    let text = data.as_string().unwrap_or_default();
    match serde_json::from_str::<ToRecorder>(&text) {
        Ok(word) => Input::Told(word),
        Err(error) => Input::Failed(format!("the server said something unknown: {error}")),
    }
}
