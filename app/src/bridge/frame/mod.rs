//! The frame's end of the bridge at work.

mod act;
mod answer;
mod diagnose;
mod greeting;
mod join;
mod picture;
mod port;
mod screen;
mod token;
mod wait;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    task::Waker,
    time::Duration,
};

use client::model::{EndReason, Failures, Model, Phase};
use leptos::{prelude::*, task::spawn_local};
use protocol::{BridgeEvent, ErrorCode, FromFrame, PeerId, TrackRef, WireError};

use self::{greeting::Greeting, port::Port};
use super::{
    changes::{changes, is_inside, pin_change, refusal_of_page},
    log::{Log, Past, Standing},
};
use crate::{
    browser::{language::PageTongue, random},
    page::Page,
    state::{Desk, Meeting, RoomPage},
};

/// Some browsers list devices only while the page is seen; nobody waits for
/// that longer than this.
const LISTING: Duration = Duration::from_secs(2);

/// The frame's end of the bridge.
struct Frame {
    meeting: Meeting,
    desk: Desk,
    page: Page,
    tongue: PageTongue,
    room: RoomPage,
    session: String,
    log: RefCell<Log>,
    /// The model as the page around was told last.
    before: RefCell<Model>,
    pinned: RefCell<Option<PeerId>>,
    port: RefCell<Option<Rc<Port>>>,
    /// The port before: what was called there may come late.
    port_before: RefCell<Option<Rc<Port>>>,
    greeting: RefCell<Option<Greeting>>,
    /// Calls that wait for the model to change.
    waiting: RefCell<Vec<Waker>>,
    calls: Cell<usize>,
    marks: Cell<u32>,
    /// Videos that are wanted for a picture, and by how many calls.
    glances: RefCell<BTreeMap<TrackRef, i32>>,
    /// The page around has asked to leave.
    leaving: Cell<bool>,
    joinable: Cell<bool>,
    /// When the token ends, as far as is known: milliseconds since 1970.
    token_end: Cell<Option<u64>>,
    token_timer: Cell<Option<TimeoutHandle>>,
    /// A token that the server has not seen yet.
    token_brought: RefCell<Option<String>>,
}

/// Starts the bridge of a room's page, if there is a page around it; it ends
/// with the effect that calls this. The engine has to be started before.
pub(crate) fn start(meeting: Meeting, desk: Desk, page: Page) {
    let Some(engine) = meeting.engine() else {
        return;
    };
    if !greeting::is_embedded() {
        return;
    }
    let frame = Rc::new(Frame {
        meeting,
        desk,
        page,
        tongue: PageTongue::expect(),
        room: expect_context(),
        session: session(),
        log: RefCell::default(),
        before: RefCell::new(untold(engine.model())),
        pinned: RefCell::default(),
        port: RefCell::default(),
        port_before: RefCell::default(),
        greeting: RefCell::default(),
        waiting: RefCell::default(),
        calls: Cell::new(0),
        marks: Cell::new(0),
        glances: RefCell::default(),
        leaving: Cell::new(false),
        joinable: Cell::new(false),
        token_end: Cell::default(),
        token_timer: Cell::default(),
        token_brought: RefCell::default(),
    });
    frame.watch();
    let waiting = Rc::downgrade(&frame);
    engine.after_flush(move || {
        if let Some(frame) = waiting.upgrade() {
            frame.wake();
        }
    });
    // the first greeting may have come already, and is answered first
    frame.greeting.replace(Some(Greeting::new(&frame)));
    frame.emit(BridgeEvent::Ready {});
    match page.given(crate::page::refusal) {
        Some(refusal) => frame.refused(&refusal),
        None => frame.open_soon(),
    }
    frame.token_ends(page.given(|given| given.token_ends_at));
    frame.see(&engine.model());
    let frame = StoredValue::new_local(frame);
    on_cleanup(move || {
        // the owner may have let it go already
        let _ = frame.try_with_value(|frame| frame.close());
    });
}

/// A model of which nobody was told. The welcome screen may have tried the
/// devices by now.
fn untold(mut model: Model) -> Model {
    model.devices.camera.failures = Failures::default();
    model.devices.microphone.failures = Failures::default();
    model
}

/// A mark of this load of the frame.
fn session() -> String {
    let bytes = random::bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Frame {
    fn watch(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        self.meeting.watch(move |model| {
            if let Some(frame) = weak.upgrade() {
                frame.see(model);
            }
        });
        let weak = Rc::downgrade(self);
        let (pinned, people) = (self.desk.pinned, self.meeting.store.people);
        Effect::new(move |_| {
            let (pinned, people) = (pinned.get(), people.get());
            let there = pinned.filter(|track| people.iter().any(|one| one.id == track.peer));
            if let Some(frame) = weak.upgrade() {
                frame.see_pin(there.map(|track| track.peer));
            }
        });
    }

    /// Tells what is different from before.
    fn see(self: &Rc<Self>, model: &Model) {
        let events = {
            let mut before = self.before.borrow_mut();
            let events = changes(&before, model, self.leaving.get());
            before.take_over(model);
            events
        };
        // whoever leaves after coming in once more leaves anew
        if !matches!(model.phase, Phase::Prejoin | Phase::Ended(_)) {
            self.leaving.set(false);
        }
        for event in events {
            self.emit(event);
        }
        self.watch_token(model);
        self.keep_token(model);
    }

    /// Has waiting calls look how things are.
    fn wake(&self) {
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    fn see_pin(&self, peer: Option<PeerId>) {
        let event = pin_change(self.pinned.borrow().as_ref(), peer.as_ref());
        self.pinned.replace(peer);
        if let Some(event) = event {
            self.emit(event);
        }
    }

    fn emit(&self, event: BridgeEvent) {
        let event = self.log.borrow_mut().add(event);
        let port = self.port.borrow().clone();
        if let Some(port) = port {
            port.send(&FromFrame::Event(Box::new(event)));
        }
    }

    /// Takes a page's port in place of the one before, and tells what it missed.
    /// What was called by the one before is answered there.
    fn take(&self, port: &Rc<Port>, past: Past) {
        let before = self.port.replace(Some(Rc::clone(port)));
        self.port_before.replace(before);
        port.send(&FromFrame::Welcome(Box::new(self.welcome())));
        let standing = Standing {
            inside: is_inside(&self.before.borrow()),
            token_ends_at: self.token_end.get(),
        };
        for event in self.log.borrow().replay(past, standing) {
            port.send(&FromFrame::Event(Box::new(event)));
        }
    }

    /// The address is refused: there is no way in, and nothing to wait for.
    fn refused(&self, error: &WireError) {
        for event in refusal_of_page(error) {
            self.emit(event);
        }
    }

    /// The room can be joined as soon as it is known which devices there are.
    fn open_soon(self: &Rc<Self>) {
        let Some(engine) = self.meeting.engine() else {
            return;
        };
        let (listing, late) = (Rc::downgrade(self), Rc::downgrade(self));
        spawn_local(async move {
            engine.list_devices().await;
            if let Some(frame) = listing.upgrade() {
                frame.open();
            }
        });
        set_timeout(
            move || {
                if let Some(frame) = late.upgrade() {
                    frame.open();
                }
            },
            LISTING,
        );
    }

    fn open(&self) {
        let waits = self.before.borrow().phase == Phase::Prejoin;
        if waits && !self.joinable.replace(true) {
            self.emit(BridgeEvent::ReadyToJoin {});
        }
    }

    /// The page shows something else from now on: who was in the room leaves it.
    fn close(self: &Rc<Self>) {
        self.greeting.take();
        let before = self.before.borrow().clone();
        if is_inside(&before) {
            self.see(&Model {
                phase: Phase::Ended(EndReason::Left),
                ..before
            });
        }
        if let Some(port) = self.port.take() {
            port.send(&FromFrame::Gone);
        }
        self.wake();
        self.port_before.take();
        if let Some(timer) = self.token_timer.take() {
            timer.clear();
        }
    }

    /// A mark for a request of the engine.
    fn next_mark(&self) -> u32 {
        self.marks.set(self.marks.get().wrapping_add(1));
        self.marks.get()
    }

    /// Why the address has no way in, if so.
    fn no_way_in(&self) -> Option<ErrorCode> {
        self.page
            .given(crate::page::refusal)
            .map(|error| error.code)
    }
}
