//! Which line is served next: pure, the time is given.
//!
//! A line is a room and a receiver: its messages go one after the other. Lines
//! are served side by side, with a bound in all and one for each receiver, so
//! that a slow one leaves turns to the others.
//!
//! Times are those of the clock that nobody can set: a pause is as long as it
//! was meant to be, whatever becomes of the other clock meanwhile.

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroUsize,
    time::Instant,
};

use super::Receiver;
use crate::{limits::WebhookLimits, room_key::RoomKey};

/// The messages of one room to one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line {
    /// The room.
    pub room: RoomKey,
    /// Who gets them.
    pub receiver: Receiver,
}

/// A line whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The line.
    pub line: Line,
    /// Its first message has waited for as long as it had to: it is to be sent,
    /// whatever moment is written with it.
    pub has_waited: bool,
}

/// How serving a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was nothing left.
    Empty,
    /// It is to be looked at again then.
    Look(Instant),
    /// Its first message is to be sent then.
    Send(Instant),
}

/// Which lines have something to say, and when.
#[derive(Debug)]
pub struct Schedule {
    lines: HashMap<Line, State>,
    due: BTreeSet<(Instant, Turn)>,
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
    pub fn wake(&mut self, line: Line, now: Instant) {
        match self.lines.get_mut(&line) {
            Some(State::Busy { more }) => *more = true,
            Some(State::Due) => {}
            None => self.put(line, false, now),
        }
    }

    /// The lines to be served now, longest due first.
    pub fn take(&mut self, now: Instant) -> Vec<Turn> {
        let mut taken = Vec::new();
        let mut refused = Vec::new();
        while self.under_way < self.at_once
            && let Some((at, turn)) = self.due.pop_first()
        {
            if at > now {
                self.due.insert((at, turn));
                break;
            }
            if self.is_full(&turn.line) {
                refused.push((at, turn));
                continue;
            }
            self.begin(&turn.line);
            taken.push(turn);
        }
        self.due.extend(refused);
        taken
    }

    /// When something is due that may be served.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if self.under_way >= self.at_once {
            return None;
        }
        let next = self.due.iter().find(|(_, turn)| !self.is_full(&turn.line));
        next.map(|(at, _)| *at)
    }

    /// A line was served.
    pub fn done(&mut self, line: Line, outcome: Outcome, now: Instant) {
        let Some(State::Busy { more }) = self.lines.remove(&line) else {
            return;
        };
        self.end(&line);
        match outcome {
            Outcome::Look(at) => self.put(line, false, at),
            Outcome::Send(at) => self.put(line, true, at),
            Outcome::Empty if more => self.put(line, false, now),
            Outcome::Empty => {}
        }
    }

    /// How many lines are being served.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    fn put(&mut self, line: Line, has_waited: bool, at: Instant) {
        self.lines.insert(line.clone(), State::Due);
        self.due.insert((at, Turn { line, has_waited }));
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
