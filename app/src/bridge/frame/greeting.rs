//! The handshake: window messages, and nothing more over them.
//!
//! A script in the page's head listens from the first moment on, says that the
//! frame is here, and keeps a greeting that comes too early (`shell.rs`).

use std::rc::{Rc, Weak};

use js_sys::{JSON, Reflect};
use leptos::prelude::window;
use protocol::BridgeHello;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, MessagePort};

use super::{Frame, port::Port};
use crate::bridge::{log::Past, origins::may_drive};

/// Where the script in the head leaves what came, and looks for who takes it.
const DESK: &str = "__meetframe";
const KEPT: &str = "hello";
const TAKE: &str = "take";

/// Whether there is a page around this one.
pub(super) fn is_embedded() -> bool {
    desk().is_some()
}

fn desk() -> Option<JsValue> {
    let desk = Reflect::get(&window(), &DESK.into()).ok()?;
    desk.is_object().then_some(desk)
}

/// Takes greetings until it is dropped.
pub(super) struct Greeting {
    _take: Closure<dyn FnMut(MessageEvent)>,
}

impl Greeting {
    /// Takes the greeting that was kept, and all that follow.
    pub(super) fn new(frame: &Rc<Frame>) -> Self {
        let weak = Rc::downgrade(frame);
        let take = Closure::<dyn FnMut(MessageEvent)>::new(move |event| greeted(&weak, &event));
        if let Some(desk) = desk() {
            // a plain object of ours takes any property
            let _ = Reflect::set(&desk, &TAKE.into(), take.as_ref());
            let kept = Reflect::get(&desk, &KEPT.into());
            let _ = Reflect::set(&desk, &KEPT.into(), &JsValue::NULL);
            if let Ok(Ok(event)) = kept.map(JsCast::dyn_into::<MessageEvent>) {
                greeted(&Rc::downgrade(frame), &event);
            }
        }
        if frame.port.borrow().is_none() {
            say_here();
        }
        Self { _take: take }
    }
}

impl Drop for Greeting {
    fn drop(&mut self) {
        if let Some(desk) = desk() {
            let _ = Reflect::set(&desk, &TAKE.into(), &JsValue::NULL);
        }
    }
}

/// Tells whoever is around that the frame is here; to `*`, since not every
/// browser says who that is, and with nothing in it.
fn say_here() {
    let say = desk().and_then(|desk| Reflect::get(&desk, &"here".into()).ok());
    let say = say.and_then(|say| say.dyn_into::<js_sys::Function>().ok());
    if let Some(say) = say {
        // fails only when the page around is gone
        let _ = say.call0(&JsValue::UNDEFINED);
    }
}

fn greeted(frame: &Weak<Frame>, event: &MessageEvent) {
    let Some(frame) = frame.upgrade() else { return };
    if !is_from_parent(event) {
        return;
    }
    let origin = event.origin();
    // that of the address: a sandbox takes away the other one
    let own = window().location().origin().unwrap_or_default();
    if !frame
        .page
        .given(|given| may_drive(&given.embed_origins, &own, &origin))
    {
        let words = "Meetframe: this page may not drive the meeting; embed_origins lacks";
        web_sys::console::warn_2(&words.into(), &origin.into());
        return;
    }
    let Some(hello) = read(event) else { return };
    if let Ok(port) = event.ports().get(0).dyn_into::<MessagePort>() {
        let past = past(&frame, &hello);
        frame.take(&Port::new(port, &frame), past);
    }
}

fn is_from_parent(event: &MessageEvent) -> bool {
    let parent = window().parent().ok().flatten().map(JsValue::from);
    let source = event.source().map(JsValue::from);
    source.is_some() && source == parent
}

fn read(event: &MessageEvent) -> Option<BridgeHello> {
    let text = JSON::stringify(&event.data()).ok()?.as_string()?;
    let hello: BridgeHello = serde_json::from_str(&text).ok()?;
    (hello.version > 0).then_some(hello)
}

/// A page that saw events of another load of this frame has missed all of this.
fn past(frame: &Frame, hello: &BridgeHello) -> Past {
    let Some(seen) = hello.resume_from else {
        return Past::Now;
    };
    let other = hello
        .session
        .as_ref()
        .is_some_and(|session| *session != frame.session);
    let impossible = seen > frame.log.borrow().last();
    Past::After(if other || impossible { 0 } else { seen })
}
