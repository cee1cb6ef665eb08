//! Who is in rooms: every room's task writes its own share.

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use protocol::Role;

/// The numbers of all rooms together. Clones are handles on the same.
#[derive(Debug, Clone, Default)]
pub struct Census {
    rooms: Gauge,
    people: Family<ByRole, Gauge>,
    lobby: Gauge,
    sessions: Gauge,
    joins: Counter,
    leaves: Counter,
    dropped: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRole {
    role: RoleLabel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct RoleLabel(Role);

impl EncodeLabelValue for RoleLabel {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> Result<(), std::fmt::Error> {
        let name = match self.0 {
            Role::Moderator => "moderator",
            Role::Participant => "participant",
            Role::Interpreter => "interpreter",
            Role::Viewer => "viewer",
        };
        EncodeLabelValue::encode(&name, encoder)
    }
}

/// Who is in one room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Headcount {
    /// Who lead.
    pub moderators: usize,
    /// Who take part and do not lead.
    pub participants: usize,
    /// Who translate.
    pub interpreters: usize,
    /// Who watch.
    pub viewers: usize,
    /// Who wait to be let in.
    pub lobby: usize,
    /// Seats that have a connection.
    pub sessions: usize,
    /// Seats that were ever taken.
    pub joins: u64,
    /// Seats that were ever given up.
    pub leaves: u64,
}

impl Census {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let census = Self::default();
        for role in Headcount::default().roles() {
            // so that a role that nobody has is told as 0
            drop(census.people.get_or_create(&by(role.0)));
        }
        registry.register(
            "meetframe_rooms",
            "Rooms that are open",
            census.rooms.clone(),
        );
        registry.register(
            "meetframe_people",
            "People with a seat in a room, by role",
            census.people.clone(),
        );
        registry.register(
            "meetframe_lobby_people",
            "People who wait to be let in",
            census.lobby.clone(),
        );
        registry.register(
            "meetframe_sessions",
            "Seats whose participant is connected",
            census.sessions.clone(),
        );
        registry.register("meetframe_joins", "Seats taken", census.joins.clone());
        registry.register("meetframe_leaves", "Seats given up", census.leaves.clone());
        registry.register(
            "meetframe_journal_dropped_notices",
            "What rooms could not tell the journal, because the database was behind",
            census.dropped.clone(),
        );
        census
    }

    /// Counts a room, until what this gives is dropped.
    #[must_use]
    pub fn open_room(&self) -> RoomCount {
        self.rooms.inc();
        RoomCount {
            census: self.clone(),
            told: Headcount::default(),
        }
    }

    /// Counts what a room could not tell the journal.
    pub fn dropped_notice(&self) {
        self.dropped.inc();
    }

    fn change(&self, before: &Headcount, now: &Headcount) {
        for (before, now) in before.roles().into_iter().zip(now.roles()) {
            if before.1 != now.1 {
                let people = self.people.get_or_create(&by(now.0));
                people.inc_by(difference(before.1, now.1));
            }
        }
        self.lobby.inc_by(difference(before.lobby, now.lobby));
        self.sessions
            .inc_by(difference(before.sessions, now.sessions));
        self.joins.inc_by(now.joins.saturating_sub(before.joins));
        self.leaves.inc_by(now.leaves.saturating_sub(before.leaves));
    }
}

fn by(role: Role) -> ByRole {
    ByRole {
        role: RoleLabel(role),
    }
}

fn difference(before: usize, now: usize) -> i64 {
    let count = |n| i64::try_from(n).unwrap_or(i64::MAX);
    count(now) - count(before)
}

impl Headcount {
    fn roles(&self) -> [(Role, usize); 4] {
        [
            (Role::Moderator, self.moderators),
            (Role::Participant, self.participants),
            (Role::Interpreter, self.interpreters),
            (Role::Viewer, self.viewers),
        ]
    }
}

/// One room's share of the census. Whatever becomes of the room's task, its
/// people are counted out when this is dropped.
#[derive(Debug)]
pub struct RoomCount {
    census: Census,
    told: Headcount,
}

impl RoomCount {
    /// Says how it is now. Twice changes nothing.
    pub fn set(&mut self, now: Headcount) {
        if self.told != now {
            self.census.change(&self.told, &now);
            self.told = now;
        }
    }
}

impl Drop for RoomCount {
    fn drop(&mut self) {
        let gone = self.told.joins - self.told.leaves.min(self.told.joins);
        self.set(Headcount {
            joins: self.told.joins,
            leaves: self.told.leaves + gone,
            ..Headcount::default()
        });
        self.census.rooms.dec();
    }
}
