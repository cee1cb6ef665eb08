//! What a room remembers about people who may be gone: whom moderators
//! removed, what they forbade, which roles they gave.
//!
//! Bounded: when there are too many, those are forgotten of whom something was
//! first noted the longest ago. It ends with the room.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::Hash,
};

use protocol::{Allowed, PeerId, Role, Source};
use serde::{Deserialize, Serialize};

use super::TokenHash;

/// What a room remembers.
#[derive(Debug)]
pub(super) struct Memory {
    people: Bounded<PeerId, Remembered>,
    /// Tokens of those who were removed, and who had the same and stayed.
    tokens: Bounded<TokenHash, HashSet<PeerId>>,
    /// Moderators' tokens whose bearers lead no more.
    demoted: Bounded<TokenHash, ()>,
    /// Grows with each change.
    revision: u64,
}

/// The same for the database, in the order in which it was noted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Remembrance {
    people: Vec<(PeerId, Remembered)>,
    tokens: Vec<(TokenHash, HashSet<PeerId>)>,
    demoted: Vec<(TokenHash, ())>,
}

/// Where the role comes from that somebody got last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KnownRole {
    /// From a moderator, or from the integrator's server.
    Decided(Role),
    /// From another token that they brought.
    ByToken(Role),
}

/// What a room remembers about one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    removed: bool,
    /// The tokens that were barred with them.
    tokens: Vec<TokenHash>,
    role: Option<Role>,
    /// The role came with another token of theirs; no moderator gave it.
    by_token: bool,
    /// Moderators took the lead from them.
    demoted: bool,
    /// What was forbidden to them alone is not allowed here.
    allowed: Allowed,
}

impl Memory {
    /// What a room begins with: nothing, or what was noted before a restart.
    pub(super) fn new(limit: usize, noted: Remembrance) -> Self {
        Self {
            people: Bounded::new(limit, noted.people),
            tokens: Bounded::new(limit, noted.tokens),
            demoted: Bounded::new(limit, noted.demoted),
            revision: 0,
        }
    }

    /// All of it, for the database.
    pub(super) fn remembrance(&self) -> Remembrance {
        Remembrance {
            people: self.people.list(),
            tokens: self.tokens.list(),
            demoted: self.demoted.list(),
        }
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Notes the role that a moderator gave.
    pub(super) fn note_role(&mut self, peer: &PeerId, from: Role, to: Role) {
        self.revision += 1;
        let known = self.people.entry(peer);
        known.demoted = to != Role::Moderator && (known.demoted || from == Role::Moderator);
        (known.role, known.by_token) = (Some(to), false);
    }

    /// Notes the role that came with another token. It binds no later one.
    pub(super) fn note_token_role(&mut self, peer: &PeerId, role: Role) {
        self.revision += 1;
        let known = self.people.entry(peer);
        (known.role, known.by_token) = (Some(role), true);
    }

    /// The role that somebody got last.
    pub(super) fn role(&self, peer: &PeerId) -> Option<KnownRole> {
        let known = self.people.get(peer)?;
        let role = known.role?;
        Some(if known.by_token {
            KnownRole::ByToken(role)
        } else {
            KnownRole::Decided(role)
        })
    }

    /// Notes whether the bearer of a token leads. Who was demoted
    /// does not lead again by coming anew, under whatever id.
    pub(super) fn note_leads(&mut self, token: &TokenHash, leads: bool) {
        self.revision += 1;
        if leads {
            self.demoted.remove(token);
        } else {
            self.demoted.entry(token);
        }
    }

    /// What token and address make of somebody: no more than what moderators
    /// left them.
    pub(super) fn at_most(&self, peer: &PeerId, claimed: Role, token: Option<TokenHash>) -> Role {
        if self.role(peer) == Some(KnownRole::Decided(Role::Viewer)) {
            return Role::Viewer;
        }
        let known = self.people.get(peer).is_some_and(|known| known.demoted);
        let demoted = known || token.is_some_and(|token| self.demoted.get(&token).is_some());
        match claimed {
            Role::Moderator if demoted => Role::Participant,
            role => role,
        }
    }

    /// Notes what somebody may use, where that is less than all others may:
    /// coming in again changes nothing about it.
    pub(super) fn note_allowed(&mut self, peer: &PeerId, allowed: Allowed) {
        if self.allowed(peer) != allowed {
            self.revision += 1;
            self.people.entry(peer).allowed = allowed;
        }
    }

    /// What somebody may use at most.
    pub(super) fn allowed(&self, peer: &PeerId) -> Allowed {
        let known = self.people.get(peer);
        known.map_or(Allowed::ALL, |known| known.allowed)
    }

    /// Forgets what was forbidden to single persons.
    pub(super) fn forgive(&mut self, source: Source) {
        self.revision += 1;
        for known in self.people.values_mut() {
            known.allowed = known.allowed.with(source, true);
        }
    }

    /// Notes that somebody was removed, with each of their tokens and those who
    /// have the same and stay: they are not barred by it when they come back
    /// with a ticket of their own.
    pub(super) fn bar(&mut self, peer: &PeerId, tokens: Vec<(TokenHash, HashSet<PeerId>)>) {
        self.revision += 1;
        let known = self.people.entry(peer);
        known.removed = true;
        known.role = None;
        known.tokens = tokens.iter().map(|(token, _)| *token).collect();
        for (token, stay) in tokens {
            *self.tokens.entry(&token) = stay;
        }
    }

    /// Whether somebody comes back only if a moderator lets them in.
    pub(super) fn bars(&self, peer: &PeerId, token: Option<TokenHash>, ticket: bool) -> bool {
        let removed = self.people.get(peer).is_some_and(|known| known.removed);
        let stayed = token.and_then(|token| self.tokens.get(&token));
        removed || stayed.is_some_and(|stayed| !ticket || !stayed.contains(peer))
    }

    /// A moderator let somebody in again.
    pub(super) fn lift(&mut self, peer: &PeerId, token: Option<TokenHash>) {
        self.revision += 1;
        let mut tokens: Vec<TokenHash> = token.into_iter().collect();
        if self.people.get(peer).is_some() {
            let known = self.people.entry(peer);
            known.removed = false;
            tokens.append(&mut known.tokens);
        }
        for token in tokens {
            self.tokens.remove(&token);
        }
    }
}

/// A map that forgets its oldest keys when there are too many.
#[derive(Debug)]
struct Bounded<K, V> {
    map: HashMap<K, V>,
    order: VecDeque<K>,
    limit: usize,
}

impl<K: Clone + Eq + Hash, V: Clone + Default> Bounded<K, V> {
    fn new(limit: usize, noted: Vec<(K, V)>) -> Self {
        let mut bounded = Self {
            map: HashMap::new(),
            order: VecDeque::new(),
            limit,
        };
        for (key, value) in noted {
            *bounded.entry(&key) = value;
        }
        bounded
    }

    fn list(&self) -> Vec<(K, V)> {
        let noted = self.order.iter();
        noted
            .filter_map(|key| Some((key.clone(), self.map.get(key)?.clone())))
            .collect()
    }

    fn entry(&mut self, key: &K) -> &mut V {
        if !self.map.contains_key(key) {
            if self.order.len() >= self.limit
                && let Some(oldest) = self.order.pop_front()
            {
                self.map.remove(&oldest);
            }
            self.order.push_back(key.clone());
        }
        self.map.entry(key.clone()).or_default()
    }

    fn get(&self, key: &K) -> Option<&V> {
        self.map.get(key)
    }

    fn remove(&mut self, key: &K) {
        if self.map.remove(key).is_some() {
            self.order.retain(|known| known != key);
        }
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.map.values_mut()
    }
}
