//! Which line is served next: pure, the time is given.
//!
//! A line is a room and a receiver: its messages go one after the other. Lines
//! are served side by side, with a bound in all and one for each receiver, so
//! that a slow one leaves turns to the others.

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroUsize,
};

use super::Receiver;
use crate::{clock::UnixMillis, limits::WebhookLimits, room_key::RoomKey};

/// The messages of one room to one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line {
    /// The room.
    pub room: RoomKey,
    /// Who gets them.
    pub receiver: Receiver,
}

/// How serving a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was nothing left.
    Empty,
    /// The next message is due then.
    Next(UnixMillis),
}

/// Which lines have something to say, and when.
#[derive(Debug)]
pub struct Schedule {
    lines: HashMap<Line, State>,
    due: BTreeSet<(UnixMillis, Line)>,
    /// How many lines of a target are being served.
    busy: HashMap<String, NonZeroUsize>,
    under_way: usize,
    at_once: usize,
    at_once_each: usize,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// It waits in `due`.
    Due,
    /// It is being served. More may have come meanwhile.
    Busy { more: bool },
}

impl Schedule {
    /// Nothing to say yet.
    #[must_use]
    pub fn new(limits: &WebhookLimits) -> Self {
        Self {
            lines: HashMap::new(),
            due: BTreeSet::new(),
            busy: HashMap::new(),
            under_way: 0,
            at_once: limits.at_once,
            at_once_each: limits.at_once_each,
        }
    }

    /// A line has a new message. One that waits to try again goes on waiting:
    /// the new message is behind the others.
    pub fn wake(&mut self, line: Line, now: UnixMillis) {
        match self.lines.get_mut(&line) {
            Some(State::Busy { more }) => *more = true,
            Some(State::Due) => {}
            None => self.put(line, now),
        }
    }

    /// The lines to be served now, longest due first.
    pub fn take(&mut self, now: UnixMillis) -> Vec<Line> {
        let mut taken = Vec::new();
        let mut refused = Vec::new();
        while self.under_way < self.at_once
            && let Some((at, line)) = self.due.pop_first()
        {
            if at > now {
                self.due.insert((at, line));
                break;
            }
            if self.is_full(&line) {
                refused.push((at, line));
                continue;
            }
            self.begin(&line);
            taken.push(line);
        }
        self.due.extend(refused);
        taken
    }

    /// When something is due that may be served.
    #[must_use]
    pub fn deadline(&self) -> Option<UnixMillis> {
        if self.under_way >= self.at_once {
            return None;
        }
        let next = self.due.iter().find(|(_, line)| !self.is_full(line));
        next.map(|(at, _)| *at)
    }

    /// A line was served.
    pub fn done(&mut self, line: Line, outcome: Outcome, now: UnixMillis) {
        let Some(State::Busy { more }) = self.lines.remove(&line) else {
            return;
        };
        self.end(&line);
        match outcome {
            Outcome::Next(at) => self.put(line, at),
            Outcome::Empty if more => self.put(line, now),
            Outcome::Empty => {}
        }
    }

    /// How many lines are being served.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    fn put(&mut self, line: Line, at: UnixMillis) {
        self.due.insert((at, line.clone()));
        self.lines.insert(line, State::Due);
    }

    fn is_full(&self, line: &Line) -> bool {
        let busy = self.busy.get(&target(line));
        busy.is_some_and(|busy| busy.get() >= self.at_once_each)
    }

    fn begin(&mut self, line: &Line) {
        self.lines.insert(line.clone(), State::Busy { more: false });
        self.under_way += 1;
        self.busy
            .entry(target(line))
            .and_modify(|busy| *busy = busy.saturating_add(1))
            .or_insert(NonZeroUsize::MIN);
    }

    fn end(&mut self, line: &Line) {
        self.under_way -= 1;
        let target = target(line);
        let left = self.busy.get(&target).map_or(0, |busy| busy.get() - 1);
        match NonZeroUsize::new(left) {
            Some(left) => drop(self.busy.insert(target, left)),
            None => drop(self.busy.remove(&target)),
        }
    }
}

/// What lines share that go to the same server.
fn target(line: &Line) -> String {
    match &line.receiver {
        Receiver::Tenant => line.room.tenant.as_str().to_owned(),
        Receiver::Subscription(id) => id.as_str().to_owned(),
        Receiver::Url(url) => url.origin().ascii_serialization(),
    }
}
