//! The private port: JSON in both directions.

use std::rc::{Rc, Weak};

use js_sys::{JSON, Reflect};
use leptos::task::spawn_local;
use protocol::{BridgeError, BridgeFault, BridgeValue, ErrorCode, FromFrame, ToFrame};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, MessagePort};

use super::Frame;

/// The most calls that may be under way; more are refused.
const CALLS_MAX: usize = 1_000;

/// A port; closed when nobody has it any more: neither the frame nor a call
/// that came by it.
pub(super) struct Port {
    port: MessagePort,
    _take: Closure<dyn FnMut(MessageEvent)>,
}

impl Port {
    /// A page's port, whose calls are for this frame.
    pub(super) fn new(port: MessagePort, frame: &Rc<Frame>) -> Rc<Self> {
        let frame = Rc::downgrade(frame);
        Rc::new_cyclic(|myself: &Weak<Self>| {
            let myself = Weak::clone(myself);
            let take = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(port) = myself.upgrade() {
                    taken(&frame, port, &event.data());
                }
            });
            port.set_onmessage(Some(take.as_ref().unchecked_ref()));
            Self { port, _take: take }
        })
    }

    pub(super) fn send(&self, message: &FromFrame) {
        let json = serde_json::to_string(message).ok();
        if let Some(message) = json.and_then(|json| JSON::parse(&json).ok()) {
            // what came from JSON can be cloned
            let _ = self.port.post_message(&message);
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}

fn taken(frame: &Weak<Frame>, port: Rc<Port>, data: &JsValue) {
    let Some(frame) = frame.upgrade() else { return };
    // what JSON cannot say, such as a circle, is no data of a call
    let text = JSON::stringify(data).ok().and_then(|text| text.as_string());
    let call = text.and_then(|text| serde_json::from_str(&text).ok());
    let Some(ToFrame::Call {
        id,
        method,
        data,
        click,
    }) = call
    else {
        return refuse(&port, data);
    };
    if frame.calls.get() >= CALLS_MAX {
        let busy = BridgeError::new(ErrorCode::RateLimited, "too many calls are under way");
        return port.send(&result(id, Err(busy)));
    }
    frame.calls.set(frame.calls.get() + 1);
    spawn_local(async move {
        let outcome = Rc::clone(&frame).answer(&method, &data, click).await;
        frame.calls.set(frame.calls.get() - 1);
        // a page that is gone hears nothing
        port.send(&result(id, outcome));
    });
}

/// Answers what is no call, if it has at least an id.
fn refuse(port: &Port, data: &JsValue) {
    let id = Reflect::get(data, &"id".into())
        .ok()
        .and_then(|id| id.as_f64());
    let whole = id.filter(|id| id.fract() == 0.0 && (0.0..9e15).contains(id));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole and not below zero"
    )]
    if let Some(id) = whole {
        let error = BridgeError::new(BridgeFault::BadData, "a call is {type, id, method, data}");
        port.send(&result(id as u64, Err(error)));
    }
}

fn result(id: u64, outcome: Result<BridgeValue, BridgeError>) -> FromFrame {
    let (value, error) = match outcome {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    };
    FromFrame::Result { id, value, error }
}
