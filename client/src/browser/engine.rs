//! The engine: a cheap handle on everything that a page needs to meet.
//!
//! Feeds the session with what happens and has its effects done by
//! [`Io`]; decides nothing itself.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
    time::Duration,
};

use js_sys::Promise;
use protocol::{Source, TrackRef};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MediaStream;

use super::{
    capture, devices,
    inbox::{Event, Inbox},
    io::Io,
    js,
    listener::{Timeout, report, window},
    memory,
    page::PageEvents,
    picture,
    screen::{self, Screen},
};
use crate::{
    Intent, Moment, RoomConfig,
    model::{Model, Prospects},
    session::{Environment, Input, Session},
};

/// The meeting engine. Clones are handles on the same meeting; everything ends
/// with [`Engine::close`], or when the last handle is dropped.
#[derive(Clone)]
pub struct Engine(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    io: RefCell<Option<Io>>,
    page: RefCell<Option<PageEvents>>,
    /// Not taken yet; an event may cause further ones at once.
    events: RefCell<VecDeque<Event>>,
    busy: Cell<bool>,
    timer: RefCell<Option<(Duration, Timeout)>>,
    shown: RefCell<Model>,
    flushing: Cell<bool>,
    on_change: Box<dyn Fn(&Model)>,
    after_flush: RefCell<Option<Rc<dyn Fn()>>>,
}

impl Engine {
    /// Starts idle; calls `on_change` with the whole model after each change
    /// (once for all changes of one turn of the event loop).
    #[must_use]
    pub fn new(config: RoomConfig, on_change: impl Fn(&Model) + 'static) -> Self {
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let weak = weak.clone();
            let inbox = Inbox::new(move |event| {
                if let Some(inner) = weak.upgrade() {
                    inner.put(event);
                }
            });
            Inner {
                session: RefCell::new(Session::new(config)),
                page: RefCell::new(Some(PageEvents::new(&inbox))),
                io: RefCell::new(Some(Io::new(inbox))),
                events: RefCell::default(),
                busy: Cell::new(false),
                timer: RefCell::default(),
                shown: RefCell::default(),
                flushing: Cell::new(false),
                on_change: Box::new(on_change),
                after_flush: RefCell::default(),
            }
        });
        inner.put(Event::Input(Input::Started(Environment {
            can_share: screen::can_share(),
            choices: memory::recall(),
        })));
        Self(inner)
    }

    /// Does what the participant wants. Call it in the course of the click:
    /// some of the browser's features work only then.
    pub fn send(&self, intent: Intent) {
        self.0.put(Event::Input(Input::Intent(intent)));
    }

    /// Calls somebody each time that something happened, after `on_change`, and
    /// also when nothing is different in the end: it may have been meanwhile.
    pub fn after_flush(&self, hook: impl Fn() + 'static) {
        self.0.after_flush.replace(Some(Rc::new(hook)));
    }

    /// Whether the next join bears this token. One that the server refuses is
    /// given up for the one before.
    #[must_use]
    pub fn bears_token(&self, token: &str) -> bool {
        self.0.session.borrow().bears_token(token)
    }

    /// A copy of what there is to show.
    #[must_use]
    pub fn model(&self) -> Model {
        self.0.session.borrow().model().clone()
    }

    /// Looks at what there is to show, as it is in this very moment.
    pub fn look<T>(&self, read: impl FnOnce(&Model) -> T) -> T {
        read(self.0.session.borrow().model())
    }

    /// Lists the devices, which otherwise happens when one is opened or plugged in.
    pub fn list_devices(&self) -> impl Future<Output = ()> + use<> {
        let inbox = self.inbox();
        async move {
            let list = devices::list().await;
            if let Some(inbox) = inbox {
                inbox.put(Input::DevicesListed(list));
            }
        }
    }

    /// What stands between this page and a source, without asking anybody.
    pub async fn prospects(source: Source) -> Prospects {
        let is_screen = source == Source::Screen;
        Prospects {
            secure: window().is_secure_context(),
            supported: match is_screen {
                true => screen::can_share(),
                false => devices::media_devices().is_ok(),
            },
            allowed: devices::is_allowed_here(devices::feature(source)),
            present: is_screen || devices::is_present(source).await,
            denied: !is_screen && capture::permission(source).await.as_deref() == Some("denied"),
        }
    }

    /// Starts the sound that the browser held back, and says whether it plays.
    pub fn play_audio(&self) -> impl Future<Output = bool> + use<> {
        let inbox = self.inbox();
        let io = self.0.io.borrow();
        let trials = io.as_ref().map(|io| io.playback.try_to_play());
        drop(io);
        async move {
            let mut plays = true;
            for trial in trials.unwrap_or_default() {
                let refused = JsFuture::from(trial).await.err();
                let refused = refused.map(|error| js::error_name(&error));
                plays &= refused.as_deref() != Some("NotAllowedError");
            }
            if let Some(inbox) = inbox {
                inbox.put(Input::AudioBlocked(!plays));
            }
            plays
        }
    }

    /// A picture of a video track as it is now: a JPEG as a data URL. None for
    /// a track that is not received, or where the browser cannot.
    pub async fn picture(&self, track: &TrackRef) -> Option<String> {
        let stream = self.video_stream(track)?;
        match picture::of(&stream).await {
            Ok(picture) => Some(picture),
            Err(error) => {
                report("No picture could be taken", &error);
                None
            }
        }
    }

    /// What the browser counts of the connection, while there is one.
    pub(super) fn stats(&self) -> Option<Promise> {
        Some(self.0.io.borrow().as_ref()?.connection()?.stats())
    }

    /// How long pictures of others wait at least before they are shown.
    pub(super) fn delay_pictures(&self, wait: Duration) {
        let io = self.0.io.borrow();
        if let Some(connection) = io.as_ref().and_then(Io::connection) {
            connection.delay_pictures(wait);
        }
    }

    fn inbox(&self) -> Option<Inbox> {
        self.0.io.borrow().as_ref().map(|io| io.inbox.clone())
    }

    /// The stream to show for a video track of somebody else, or of oneself.
    /// It is the same stream for as long as the track can be shown.
    #[must_use]
    pub fn video_stream(&self, track: &TrackRef) -> Option<MediaStream> {
        let io = self.0.io.borrow();
        let io = io.as_ref()?;
        if self.0.session.borrow().model().me.as_ref() != Some(&track.peer) {
            return io.streams.of(track);
        }
        match track.source {
            Source::Camera => io.held.preview(),
            Source::Screen => io.screen.as_ref().map(Screen::stream),
            Source::Microphone | Source::ScreenAudio => None,
        }
    }

    /// The own camera, before and during the meeting.
    #[must_use]
    pub fn preview_stream(&self) -> Option<MediaStream> {
        self.0.io.borrow().as_ref()?.held.preview()
    }

    /// Ends everything: socket, peer connection, devices, listeners.
    pub fn close(&self) {
        self.send(Intent::Leave);
        self.0.page.take();
        self.0.timer.take();
        // guards end what they guard
        let io = self.0.io.take();
        drop(io);
    }
}

impl Inner {
    fn put(self: &Rc<Self>, event: Event) {
        self.events.borrow_mut().push_back(event);
        if self.busy.replace(true) {
            return;
        }
        while let Some(event) = self.next_event() {
            self.take(event);
        }
        self.busy.set(false);
        self.set_timer();
        self.flush_soon();
    }

    fn next_event(&self) -> Option<Event> {
        self.events.borrow_mut().pop_front()
    }

    fn take(&self, event: Event) {
        let mut io = self.io.borrow_mut();
        let Some(io) = io.as_mut() else { return };
        let mut session = self.session.borrow_mut();
        for input in io.receive(event) {
            let is_level = matches!(input, Input::Level(_));
            for effect in session.apply(input, moment()) {
                io.execute(effect);
            }
            // levels come often and change nothing else
            if !is_level {
                io.reconcile(&session);
            }
        }
    }

    fn set_timer(self: &Rc<Self>) {
        let deadline = self.session.borrow().deadline();
        let mut timer = self.timer.borrow_mut();
        if deadline == timer.as_ref().map(|(due, _)| *due) {
            return;
        }
        let weak = Rc::downgrade(self);
        *timer = deadline.filter(|_| self.io.borrow().is_some()).map(|due| {
            let after = due.saturating_sub(moment().now);
            let tick = move || {
                if let Some(inner) = weak.upgrade() {
                    // a timer that fired is not worth comparing with
                    let fired = inner.timer.take();
                    inner.put(Event::Input(Input::Tick));
                    drop(fired);
                }
            };
            (due, Timeout::new(after, tick))
        });
    }

    fn flush_soon(self: &Rc<Self>) {
        if self.flushing.replace(true) {
            return;
        }
        let weak = Rc::downgrade(self);
        spawn_local(async move {
            if let Some(inner) = weak.upgrade() {
                inner.flushing.set(false);
                inner.flush();
            }
        });
    }

    fn flush(&self) {
        // taken out, for the interface may send intents from here
        let mut shown = self.shown.take();
        let changed = shown.take_over(self.session.borrow().model());
        if changed {
            (self.on_change)(&shown);
        }
        self.shown.replace(shown);
        let hook = self.after_flush.borrow().clone();
        if let Some(hook) = hook {
            hook();
        }
    }
}

fn moment() -> Moment {
    let since_start = window().performance().map_or(0.0, |clock| clock.now());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds of this century, and halves of 64 random bits"
    )]
    let whole = |number: f64| number as u64;
    let half = || whole(js_sys::Math::random() * f64::from(u32::MAX));
    Moment {
        now: Duration::from_micros(whole(since_start * 1_000.0)),
        unix_ms: whole(js_sys::Date::now()),
        random: half() << 32 | half(),
    }
}
