//! Where the browser's events go: to the engine, one after the other.

use std::rc::Rc;

use super::{capture::Captured, screen::Screen};
use crate::{
    model::DeviceFailure,
    session::{Input, InputRequest},
};

/// Something that happened in the browser.
pub(crate) enum Event {
    /// For the session as it is.
    Input(Input),
    /// A device was asked for.
    Captured {
        request: InputRequest,
        outcome: Result<Captured, DeviceFailure>,
    },
    /// The screen is shared.
    Shared(Screen),
}

/// Takes events. Clones lead to the same engine; once it is closed they lead
/// nowhere, and what is put in is dropped (devices are closed by that).
#[derive(Clone)]
pub(crate) struct Inbox(Rc<dyn Fn(Event)>);

impl Inbox {
    pub(crate) fn new(take: impl Fn(Event) + 'static) -> Self {
        Self(Rc::new(take))
    }

    pub(crate) fn put(&self, input: Input) {
        self.deliver(Event::Input(input));
    }

    pub(crate) fn deliver(&self, event: Event) {
        (self.0)(event);
    }
}
