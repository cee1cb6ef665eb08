//! What happens to the page as a whole: network, sleep, the end.

use wasm_bindgen::JsCast;
use web_sys::{EventTarget, PageTransitionEvent, VisibilityState};

use super::{
    inbox::Inbox,
    js,
    listener::{Listener, window},
};
use crate::session::Input;

/// Listens until it is dropped.
pub(crate) struct PageEvents {
    _listeners: Vec<Listener>,
}

impl PageEvents {
    pub(crate) fn new(inbox: &Inbox) -> Self {
        let window = window();
        let mut listeners = vec![
            wake(&window, "online", inbox),
            shown(&window, inbox.clone()),
            gone(&window, inbox.clone()),
        ];
        if let Some(document) = window.document() {
            // the page was frozen to save energy, and goes on
            listeners.push(wake(&document, "resume", inbox));
            let inbox = inbox.clone();
            let watched = document.clone();
            listeners.push(Listener::new(&document, "visibilitychange", move |_| {
                if watched.visibility_state() == VisibilityState::Visible {
                    inbox.put(Input::Wake);
                }
            }));
        }
        // from Wi-Fi to mobile, say; not in all browsers
        if let Ok(network) = js::get(&window.navigator(), "connection").dyn_into::<EventTarget>() {
            listeners.push(wake(&network, "change", inbox));
        }
        Self {
            _listeners: listeners,
        }
    }
}

fn wake(target: &EventTarget, event: &'static str, inbox: &Inbox) -> Listener {
    let inbox = inbox.clone();
    Listener::new(target, event, move |_| inbox.put(Input::Wake))
}

fn shown(target: &EventTarget, inbox: Inbox) -> Listener {
    Listener::new(target, "pageshow", move |event| {
        let event: PageTransitionEvent = event.unchecked_into();
        // it comes after the first load too, when there is nothing to wake
        if event.persisted() {
            inbox.put(Input::Wake);
        }
    })
}

fn gone(target: &EventTarget, inbox: Inbox) -> Listener {
    Listener::new(target, "pagehide", move |event| {
        let event: PageTransitionEvent = event.unchecked_into();
        // a persisted page may come back, and its seat waits for a while
        if !event.persisted() {
            inbox.put(Input::PageGone);
        }
    })
}
