//! The WebSocket: when to open it, when it counts as dead, what is unanswered.
//!
//! Knows nothing of rooms; the session decides what to say on it.

use std::{collections::BTreeMap, time::Duration};

use protocol::{
    ClientFrame, ClientMessage, HELLO_TIMEOUT_MS, PING_INTERVAL_MS, ServerFrame, ServerMessage,
    Source,
};

use super::wishes::Wish;
use crate::{Moment, backoff::Backoff, backoff::jitter};

/// From the attempt to open a socket to the `welcome`.
const HELLO_TIMEOUT: Duration = Duration::from_millis(HELLO_TIMEOUT_MS as u64);
const PING_INTERVAL: Duration = Duration::from_millis(PING_INTERVAL_MS as u64);
/// So many unanswered pings in a row mean that the socket is dead.
const LOST_PINGS: u32 = 3;
/// How long the answer to a check may take when there is reason for doubt.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// A socket that was up for so long was a success. One that is let in and cut
/// off again is not: without a growing wait that would be a storm.
const STEADY: Duration = Duration::from_secs(5);

/// What an unanswered frame asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request {
    Hello,
    Offer {
        connection: u32,
    },
    View,
    Media {
        source: Source,
        on: bool,
    },
    DisplayName,
    Chat {
        nonce: String,
    },
    Language {
        original: bool,
    },
    /// A wish that is told again when nobody knows whether it was heard.
    Wish(Wish),
    Other,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// No connection is wanted.
    #[default]
    Idle,
    /// The next attempt is made then.
    Waiting { until: Duration },
    /// Not open, or open and not welcome yet.
    Opening { deadline: Duration },
    /// Welcome.
    Up {
        since: Duration,
        next_ping: Duration,
        unanswered: u32,
        /// Dead, unless something is heard by then.
        probe: Option<Duration>,
    },
}

/// What is to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Connect,
    Ping,
    Dead,
}

#[derive(Debug, Default)]
pub(super) struct Link {
    state: State,
    /// The number of the socket in use; numbers are never used again.
    socket: u32,
    /// The server has not let the participant in yet; a moderator has to.
    in_lobby: bool,
    backoff: Backoff,
    last_frame: u32,
    pending: BTreeMap<u32, Request>,
}

impl Link {
    /// Whether the participant is in the room, and can be heard there.
    pub(super) fn is_up(&self) -> bool {
        self.is_open() && !self.in_lobby
    }

    /// Whether the server listens, in the room or before its door.
    fn is_open(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    pub(super) fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    pub(super) fn attempts(&self) -> u32 {
        if self.is_open() {
            return 0;
        }
        self.backoff.attempts()
    }

    /// Whether the server was greeted on the socket in use, so that it would
    /// understand a farewell.
    pub(super) fn has_greeted(&self) -> bool {
        let greeting = matches!(self.state, State::Opening { .. }) && self.last_frame > 0;
        greeting || self.is_open()
    }

    /// Whether an event belongs to the socket in use.
    pub(super) fn is_current(&self, socket: u32) -> bool {
        socket == self.socket && matches!(self.state, State::Opening { .. } | State::Up { .. })
    }

    /// Starts an attempt; returns the new socket's number.
    pub(super) fn connect(&mut self, at: Moment) -> u32 {
        self.socket += 1;
        self.last_frame = 0;
        self.in_lobby = false;
        self.state = State::Opening {
            deadline: at.now + HELLO_TIMEOUT,
        };
        self.socket
    }

    /// The server heard the greeting, and lets the participant wait.
    pub(super) fn wait(&mut self, at: Moment) {
        self.welcome(at);
        self.in_lobby = true;
    }

    /// The server said welcome.
    pub(super) fn welcome(&mut self, at: Moment) {
        self.in_lobby = false;
        self.state = State::Up {
            since: at.now,
            next_ping: at.now + PING_INTERVAL,
            unanswered: 0,
            probe: None,
        };
    }

    /// The socket is of no use any more: plans the next attempt. Returns what
    /// was not answered on it.
    pub(super) fn lost(&mut self, at: Moment) -> Vec<Request> {
        if let State::Up { since, .. } = self.state
            && at.now.saturating_sub(since) >= STEADY
        {
            self.backoff.reset();
        }
        let until = at.now + self.backoff.next(at.random);
        self.state = State::Waiting { until };
        std::mem::take(&mut self.pending).into_values().collect()
    }

    /// Like [`Self::lost`], but not before the server wishes.
    pub(super) fn lost_until(&mut self, after: Duration, at: Moment) -> Vec<Request> {
        let unanswered = self.lost(at);
        // half of the wait again, by chance, so that not all come at once
        let until = at.now + after + jitter(after, at.random) / 2;
        self.state = State::Waiting { until };
        unanswered
    }

    /// No connection is wanted any more.
    pub(super) fn stop(&mut self) {
        self.state = State::Idle;
        self.pending.clear();
        self.backoff.reset();
    }

    /// Numbers a message.
    pub(super) fn frame(&mut self, message: ClientMessage, request: Request) -> ClientFrame {
        self.last_frame += 1;
        self.pending.insert(self.last_frame, request);
        ClientFrame {
            id: self.last_frame,
            message,
        }
    }

    /// Something was heard: the socket lives.
    pub(super) fn heard(&mut self) {
        if let State::Up {
            unanswered, probe, ..
        } = &mut self.state
        {
            *unanswered = 0;
            *probe = None;
        }
    }

    /// What a reply answers. Whoever waits will be answered once more.
    pub(super) fn answered(&mut self, frame: &ServerFrame) -> Option<Request> {
        if matches!(frame.message, ServerMessage::Waiting { .. }) {
            return None;
        }
        self.pending.remove(&frame.re?)
    }

    /// There is reason for doubt: an attempt is made at once, or an open
    /// socket has to prove soon that it lives.
    pub(super) fn wake(&mut self, at: Moment) {
        match &mut self.state {
            State::Waiting { until } => *until = at.now,
            State::Up {
                next_ping, probe, ..
            } => {
                *next_ping = at.now;
                probe.get_or_insert(at.now + PROBE_TIMEOUT);
            }
            State::Opening { deadline } => *deadline = (*deadline).min(at.now + PROBE_TIMEOUT),
            State::Idle => {}
        }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        match self.state {
            State::Idle => None,
            State::Waiting { until } => Some(until),
            State::Opening { deadline } => Some(deadline),
            State::Up {
                next_ping, probe, ..
            } => Some(probe.map_or(next_ping, |probe| probe.min(next_ping))),
        }
    }

    /// What the time makes necessary.
    pub(super) fn due(&mut self, at: Moment) -> Due {
        match &mut self.state {
            State::Waiting { until } if at.now >= *until => Due::Connect,
            State::Opening { deadline } if at.now >= *deadline => Due::Dead,
            State::Up {
                probe: Some(probe), ..
            } if at.now >= *probe => Due::Dead,
            State::Up {
                next_ping,
                unanswered,
                ..
            } if at.now >= *next_ping => {
                if *unanswered >= LOST_PINGS {
                    return Due::Dead;
                }
                *unanswered += 1;
                *next_ping = at.now + PING_INTERVAL;
                Due::Ping
            }
            _ => Due::Nothing,
        }
    }
}
