//! The WebSocket: one JSON object per text message, both ways.
//!
//! Opens, sends, parses and closes. When to do so is the session's business.

use protocol::{ClientFrame, ServerFrame};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, WebSocket};

use super::{
    inbox::Inbox,
    listener::{Listener, report, window},
};
use crate::session::Input;

/// An open or opening socket; closed on drop.
pub(crate) struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Socket {
    /// Connects to the page's own server. Events bear the socket's number.
    ///
    /// # Errors
    /// What the browser says when it forbids the connection.
    pub(crate) fn open(number: u32, inbox: &Inbox) -> Result<Self, JsValue> {
        let socket = WebSocket::new(&url()?)?;
        let on = |event, inbox: &Inbox, input: fn(u32) -> Input| {
            let inbox = inbox.clone();
            Listener::new(&socket, event, move |_| inbox.put(input(number)))
        };
        let opened = on("open", inbox, Input::SocketOpened);
        let closed = on("close", inbox, Input::SocketClosed);
        let inbox = inbox.clone();
        let message = Listener::new(&socket, "message", move |event| {
            let event: MessageEvent = event.unchecked_into();
            if let Some(frame) = parse(&event.data()) {
                inbox.put(Input::Received {
                    socket: number,
                    frame: Box::new(frame),
                });
            }
        });
        Ok(Self {
            socket,
            _listeners: [opened, closed, message],
        })
    }

    /// Sends a message. A socket that is closing takes none, and its `close`
    /// event tells the session that it has to be said again.
    pub(crate) fn send(&self, frame: &ClientFrame) {
        let text = serde_json::to_string(frame).expect("frames have string keys only");
        if self.socket.ready_state() == WebSocket::OPEN
            && let Err(error) = self.socket.send_with_str(&text)
        {
            report("The message could not be sent", &error);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // fails only for invalid codes, and none is given
        let _ = self.socket.close();
    }
}

fn url() -> Result<String, JsValue> {
    let location = window().location();
    let scheme = match location.protocol()?.as_str() {
        "https:" => "wss",
        _ => "ws",
    };
    Ok(format!("{scheme}://{}/ws", location.host()?))
}

/// A message of this protocol; anything else is reported and left aside.
fn parse(data: &JsValue) -> Option<ServerFrame> {
    let text = data.as_string()?;
    serde_json::from_str(&text)
        .inspect_err(|error| {
            report(
                "The server said something unknown",
                &error.to_string().into(),
            );
        })
        .ok()
}
