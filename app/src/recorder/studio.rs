//! Does what the run of a recording asks for: owns the socket, the captured
//! tab and the volumes.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use web_sys::Blob;

use super::{
    capture::{self, Capture},
    ingest::Ingest,
    run::{Effect, Form, Input, Run},
    volume::Volume,
};

/// A recording under way. Ends on drop.
pub(super) struct Studio(Rc<Inner>);

struct Inner {
    run: RefCell<Run>,
    /// Not taken yet; one input may cause further ones at once.
    inputs: RefCell<VecDeque<Input>>,
    busy: Cell<bool>,
    ingest: RefCell<Option<Ingest>>,
    capture: RefCell<Option<Capture>>,
    volumes: RefCell<BTreeMap<u32, Volume>>,
    /// What ends besides.
    on_close: Box<dyn Fn()>,
}

impl Studio {
    /// Connects to the server, which knows the recording by its token.
    pub(super) fn open(token: String, on_close: impl Fn() + 'static) -> Self {
        let inner = Rc::new(Inner {
            run: RefCell::new(Run::new(token)),
            inputs: RefCell::default(),
            busy: Cell::new(false),
            ingest: RefCell::default(),
            capture: RefCell::default(),
            volumes: RefCell::default(),
            on_close: Box::new(on_close),
        });
        match Ingest::open(put(&inner)) {
            Ok(ingest) => drop(inner.ingest.replace(Some(ingest))),
            Err(reason) => {
                leptos::logging::error!("No way to the server: {reason}");
                inner.put(Input::Lost);
            }
        }
        Self(inner)
    }

    /// Something happened in the meeting.
    pub(super) fn put(&self, input: Input) {
        self.0.put(input);
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        self.0.put(Input::Lost);
    }
}

/// Tells a studio that may be gone by then.
fn put(inner: &Rc<Inner>) -> impl Fn(Input) + Clone + 'static {
    let weak: Weak<Inner> = Rc::downgrade(inner);
    move |input| {
        if let Some(inner) = weak.upgrade() {
            inner.put(input);
        }
    }
}

impl Inner {
    fn put(self: &Rc<Self>, input: Input) {
        self.inputs.borrow_mut().push_back(input);
        if self.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            if let Input::Failed(reason) = &input {
                leptos::logging::error!("The recording cannot go on: {reason}");
            }
            let effects = self.run.borrow_mut().apply(input);
            for effect in effects {
                self.execute(effect);
            }
        }
        self.busy.set(false);
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop_front()
    }

    fn execute(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Say(word) => {
                if let Some(ingest) = &*self.ingest.borrow() {
                    ingest.say(&word);
                }
            }
            Effect::Capture(form) => spawn_local(capture(Rc::clone(self), form)),
            Effect::Start { volume, form } => self.start(volume, form),
            Effect::End { volume } => {
                if let Some(volume) = self.volumes.borrow().get(&volume) {
                    volume.end();
                }
            }
            Effect::Close => self.close(),
        }
    }

    fn start(self: &Rc<Self>, number: u32, form: Form) {
        let started = {
            let capture = self.capture.borrow();
            let Some(capture) = &*capture else { return };
            let stream = &capture.stream;
            Volume::start(number, stream, form, put(self), send(self))
        };
        match started {
            Ok(volume) => {
                self.volumes.borrow_mut().insert(number, volume);
            }
            Err(reason) => self.put(Input::Failed(reason)),
        }
    }

    /// Guards end what they guard; what was sent still goes out.
    fn close(&self) {
        let volumes = self.volumes.take();
        drop(volumes);
        drop(self.capture.take());
        drop(self.ingest.take());
        (self.on_close)();
    }
}

/// Passes bytes on to a studio that may be gone by then.
fn send(inner: &Rc<Inner>) -> impl Fn(u32, Blob) + 'static {
    let weak = Rc::downgrade(inner);
    move |volume, bytes| {
        let Some(inner) = weak.upgrade() else { return };
        let sent = match &*inner.ingest.borrow() {
            Some(ingest) => ingest.send(volume, &bytes),
            None => Ok(()),
        };
        inner.put(match sent {
            Ok(()) => Input::Sent { volume },
            Err(reason) => Input::Failed(reason),
        });
    }
}

/// Captures the tab and says whether it settled.
async fn capture(inner: Rc<Inner>, form: Form) {
    let outcome = match Capture::of_this_tab(form, put(&inner)).await {
        Ok(captured) => {
            let stream = captured.stream.clone();
            drop(inner.capture.replace(Some(captured)));
            capture::settle(&stream, form).await
        }
        Err(reason) => Err(reason),
    };
    inner.put(outcome.unwrap_or_else(Input::Failed));
}
