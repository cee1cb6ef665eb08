//! How often the PINs of a room may be tried.
//!
//! Owns the count of wrong ones and of those that are under way, which take a
//! place as if they were wrong and give it back when they are right. Whoever
//! finds all places taken by tries under way waits for the first to end: a whole
//! class that comes at once with the right PIN is not turned away, and who
//! guesses gets no more answers than one by one.

use std::{
    collections::HashMap,
    pin::pin,
    sync::Mutex,
    time::{Duration, Instant},
};

use tokio::sync::{Notify, Semaphore};

use super::lock;
use crate::{
    limits::PrivateRoomLimits,
    room_key::RoomKey,
    window::{Limited, Window, WindowLimits},
};

/// What is tried and was tried at the doors of private rooms.
pub(super) struct Tries {
    book: Mutex<Book>,
    /// A try has ended, of whichever room.
    ended: Notify,
    /// Who waits for that.
    waiting: Semaphore,
}

struct Book {
    taken: Window<RoomKey>,
    under_way: HashMap<RoomKey, usize>,
}

/// A try that is under way. It was wrong, also when it is given up, unless it is
/// said to be right.
pub(super) struct Try<'a> {
    tries: &'a Tries,
    room: &'a RoomKey,
    since: Instant,
}

/// Why no try can begin.
enum Refused {
    /// Those that are under way have to end first.
    Busy(Duration),
    /// Too many were wrong.
    Limited(Duration),
}

impl Tries {
    pub(super) fn new(limits: &PrivateRoomLimits) -> Self {
        Self {
            book: Mutex::new(Book {
                taken: Window::new(WindowLimits {
                    most: limits.tries,
                    per: limits.per,
                    keys: limits.rooms,
                }),
                under_way: HashMap::new(),
            }),
            ended: Notify::new(),
            waiting: Semaphore::new(limits.waiting),
        }
    }

    /// Begins a try, or says how long to wait for one.
    pub(super) async fn begin<'a>(
        &'a self,
        room: &'a RoomKey,
        now: Instant,
    ) -> Result<Try<'a>, Duration> {
        let mut place = None;
        loop {
            // before the look, so that no end between both is missed
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            match lock(&self.book).begin(room, now) {
                Ok(()) => break,
                Err(Refused::Limited(wait)) => return Err(wait),
                Err(Refused::Busy(wait)) if place.is_none() => {
                    place = Some(self.waiting.try_acquire().map_err(|_| wait)?);
                }
                Err(Refused::Busy(_)) => {}
            }
            ended.await;
        }
        Ok(Try {
            tries: self,
            room,
            since: now,
        })
    }
}

impl Book {
    fn begin(&mut self, room: &RoomKey, now: Instant) -> Result<(), Refused> {
        let busy = self.under_way.contains_key(room);
        match self.taken.take(room, now) {
            Ok(_) => {
                *self.under_way.entry(room.clone()).or_default() += 1;
                Ok(())
            }
            Err(Limited(wait)) if busy => Err(Refused::Busy(wait)),
            Err(Limited(wait)) => Err(Refused::Limited(wait)),
        }
    }

    fn end(&mut self, room: &RoomKey) {
        if let Some(count) = self.under_way.get_mut(room) {
            *count -= 1;
            if *count == 0 {
                self.under_way.remove(room);
            }
        }
    }
}

impl Try<'_> {
    /// It does not count.
    pub(super) fn was_right(self) {
        lock(&self.tries.book)
            .taken
            .give_back(self.room, self.since);
    }
}

impl Drop for Try<'_> {
    fn drop(&mut self) {
        lock(&self.tries.book).end(self.room);
        self.tries.ended.notify_waiters();
    }
}
