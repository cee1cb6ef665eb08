//! Orders: what an integrator's server tells a room without being in it.
//!
//! The same rules hold as for a moderator, but for what only somebody with a
//! seat can do. Each order is answered once: most at once, what has to be
//! stored when it is. Who may give orders to which rooms belongs to `api`.

use protocol::{
    ChatMessage, DisplayName, ErrorCode, Moderation, Participant, PeerId, Role, Source, Waiting,
};

use super::{
    Effect, Plan, RoomState,
    chat::{Draft, Submitted, Waits},
    moderation::{By, NOBODY, Refusal},
    requests::check_text,
    seat::Seat,
    state::end,
};
use crate::{
    clock::Now,
    policy::{Deed, Target},
};

/// Tells the orders of a room apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderId(pub u64);

/// What an integrator's server tells a room.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Does what a moderator does.
    Moderate(Moderation),
    /// Ends somebody's participation. They may come back at once, other than
    /// after [`Moderation::Remove`], but not by themselves.
    Close(PeerId),
    /// Changes somebody's role and what they may switch on: all of it or
    /// nothing.
    Change {
        /// Whose.
        peer: PeerId,
        /// Moderator, participant or viewer.
        role: Option<Role>,
        /// Sources, and whether they are allowed.
        allowed: Vec<(Source, bool)>,
    },
    /// Changes what holds for the whole room.
    Plan(Plan),
    /// Writes into the chat.
    Say {
        /// The name that is shown; empty is none.
        display_name: DisplayName,
        /// What is written.
        text: String,
        /// Never used twice.
        nonce: String,
    },
    /// Clears the chat for everybody.
    ClearChat,
    /// Asks who has a seat.
    People {
        /// Those after this place.
        after: u64,
        /// At most so many.
        most: usize,
    },
    /// Asks for one who has a seat.
    Person(PeerId),
    /// Asks who waits to be let in.
    Waiting {
        /// Those after this place.
        after: u64,
        /// At most so many.
        most: usize,
    },
}

/// What a room answers to an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// It is so.
    Done,
    /// The message is in the chat.
    Said(ChatMessage),
    /// Who has a seat, each with their place.
    People(Vec<(u64, Participant)>),
    /// The one who was asked for.
    Person(Participant),
    /// Who waits, each with their place.
    Waiting(Vec<(u64, Waiting)>),
}

/// Why a room does not do what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefused {
    /// Nobody is in the room, or it failed.
    #[error("the room is gone")]
    Gone,
    /// The room refused.
    #[error("{code:?}: {why}")]
    Refused {
        /// For programs.
        code: ErrorCode,
        /// For developers.
        why: &'static str,
    },
}

impl From<Refusal> for OrderRefused {
    fn from(Refusal(code, why): Refusal) -> Self {
        Self::Refused { code, why }
    }
}

/// What comes of an order: the answer, unless it comes later, and what is done.
type Outcome = Result<(Option<Reply>, Vec<Effect>), Refusal>;

impl RoomState {
    pub(super) fn order(&mut self, id: OrderId, order: Order, now: Now) -> Vec<Effect> {
        match self.obey(id, order, now) {
            Ok((reply, mut effects)) => {
                effects.extend(reply.map(|reply| answer(id, Ok(reply))));
                effects
            }
            Err(refusal) => vec![answer(id, Err(refusal.into()))],
        }
    }

    fn obey(&mut self, id: OrderId, order: Order, now: Now) -> Outcome {
        let effects = match order {
            Order::Moderate(Moderation::End) => {
                self.end_meeting("The integrator ended the meeting")
            }
            Order::Moderate(Moderation::SetRecording { .. }) => return Err(NO_RECORDING),
            Order::Moderate(moderation) => {
                self.check(By::Integrator, Deed::from(&moderation), Target::Room)?;
                self.carry_on(By::Integrator, moderation, now)?
            }
            Order::Close(peer) => self.close_peer(&peer, now)?,
            Order::Change {
                peer,
                role,
                allowed,
            } => self.change(&peer, role, &allowed, now)?,
            Order::Plan(plan) => self.change_rules(&plan, now),
            Order::Say {
                display_name,
                text,
                nonce,
            } => return self.say(id, display_name, text, nonce, now),
            Order::ClearChat => return self.clear_chat(id),
            Order::People { after, most } => {
                return Ok((Some(Reply::People(self.people(after, most))), Vec::new()));
            }
            Order::Person(peer) => {
                let seat = self.visible(&peer)?;
                let reply = Reply::Person(seat.participant.clone());
                return Ok((Some(reply), Vec::new()));
            }
            Order::Waiting { after, most } => {
                let waiting = self.lobby.list_after(after, most);
                return Ok((Some(Reply::Waiting(waiting)), Vec::new()));
            }
        };
        Ok((Some(Reply::Done), effects))
    }

    fn close_peer(&mut self, peer: &PeerId, now: Now) -> Result<Vec<Effect>, Refusal> {
        self.visible(peer)?;
        let session = self.session_of(peer);
        let mut effects = self.remove(peer, now);
        let why = "The integrator ended your participation";
        effects.extend(session.map(|session| end(session, ErrorCode::PeerClosed, why)));
        Ok(effects)
    }

    /// What is refused is refused before anything is done.
    fn change(
        &mut self,
        peer: &PeerId,
        role: Option<Role>,
        allowed: &[(Source, bool)],
        now: Now,
    ) -> Result<Vec<Effect>, Refusal> {
        let current = self.visible(peer)?.role();
        let steps = steps(peer, current, role)?;
        let then = role.unwrap_or(current);
        let mut sources = Vec::new();
        for (source, allowed) in allowed {
            let (source, allowed, peer) = (*source, *allowed, Some(peer.clone()));
            let moderation = Moderation::Allow {
                source,
                allowed,
                peer,
            };
            let deed = Deed::from(&moderation);
            self.check(By::Integrator, deed, Target::Other(then))?;
            sources.push(moderation);
        }
        let mut effects = Vec::new();
        for step in steps.into_iter().chain(sources) {
            effects.extend(self.carry_on(By::Integrator, step, now)?);
        }
        Ok(effects)
    }

    fn change_rules(&mut self, plan: &Plan, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        let rest = Plan {
            allowed: None,
            ..plan.clone()
        };
        self.rules.change(&rest);
        if let Some(allowed) = plan.allowed {
            for source in [Source::Microphone, Source::Camera, Source::Screen] {
                if self.rules.allowed.allows(source) != allowed.allows(source) {
                    let is_allowed = allowed.allows(source);
                    effects.extend(self.allow_all(source, is_allowed, By::Integrator, now));
                }
            }
        }
        effects.extend(self.follow(now));
        effects
    }

    fn say(
        &mut self,
        id: OrderId,
        display_name: DisplayName,
        text: String,
        nonce: String,
        now: Now,
    ) -> Outcome {
        check_text(&text)?;
        let draft = Draft {
            from: None,
            display_name,
            text,
            nonce,
            sent_at: now.unix,
            waiting: vec![Waits::Order(id)],
        };
        match self.chat.submit(draft, &self.limits) {
            Submitted::Known => Ok((Some(Reply::Done), Vec::new())),
            Submitted::Waits => Ok((None, Vec::new())),
            Submitted::Next(step) => Ok((None, vec![step.into()])),
            Submitted::Full => Err(CHAT_FULL),
        }
    }

    /// After what is being stored, so that it is cleared as well.
    fn clear_chat(&mut self, id: OrderId) -> Outcome {
        match self.chat.clear(Waits::Order(id), &self.limits) {
            Submitted::Next(step) => Ok((None, vec![step.into()])),
            Submitted::Full => Err(CHAT_FULL),
            Submitted::Waits | Submitted::Known => Ok((None, Vec::new())),
        }
    }

    /// The recorder is nobody that an integrator knows of.
    fn visible(&self, peer: &PeerId) -> Result<&Seat, Refusal> {
        let seat = self.seats.get(peer).filter(|seat| !seat.is_hidden());
        seat.ok_or(NOBODY)
    }

    fn people(&self, after: u64, most: usize) -> Vec<(u64, Participant)> {
        let seats = self.seats.values().filter(|seat| !seat.is_hidden());
        let mut seats: Vec<&Seat> = seats.filter(|seat| seat.order > after).collect();
        seats.sort_unstable_by_key(|seat| seat.order);
        let first = seats.into_iter().take(most);
        first
            .map(|seat| (seat.order, seat.participant.clone()))
            .collect()
    }
}

pub(super) const CHAT_FULL: Refusal = Refusal(ErrorCode::RateLimited, "Too many messages wait");
/// They have a life of their own, which `recording` leads.
const NO_RECORDING: Refusal = Refusal(
    ErrorCode::RecordingUnavailable,
    "Recordings are started by the recordings",
);
const NO_ROLE: Refusal = Refusal(
    ErrorCode::Forbidden,
    "Interpreters come by a token with a language",
);

pub(super) fn answer(id: OrderId, answer: Result<Reply, OrderRefused>) -> Effect {
    Effect::Answer(id, Box::new(answer))
}

/// How somebody comes from one role to another.
fn steps(peer: &PeerId, from: Role, to: Option<Role>) -> Result<Vec<Moderation>, Refusal> {
    let lead = |moderator| Moderation::SetModerator {
        peer: peer.clone(),
        moderator,
    };
    let stage = |on| Moderation::SetStage {
        peer: peer.clone(),
        on,
    };
    Ok(match (from, to) {
        (_, None) => Vec::new(),
        (from, Some(to)) if from == to => Vec::new(),
        (_, Some(Role::Interpreter)) => return Err(NO_ROLE),
        (_, Some(Role::Moderator)) => vec![lead(true)],
        (Role::Moderator, Some(Role::Participant)) => vec![lead(false)],
        (Role::Moderator, Some(Role::Viewer)) => vec![lead(false), stage(false)],
        (Role::Viewer, Some(Role::Participant)) => vec![stage(true)],
        // they go on translating: their place on stage is that of a participant
        (_, Some(Role::Participant)) => return Err(NO_ROLE),
        (_, Some(Role::Viewer)) => vec![stage(false)],
    })
}
