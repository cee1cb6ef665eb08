//! What these tests share: a server, and a journal beside it that is written
//! with times of its own.

use std::sync::Arc;

use protocol::{DisplayName, Role, RoomKind};
use serde_json::Value;
use server::{
    accounts::Scope,
    clock::UnixMillis,
    config::Config,
    db::Database,
    journal::{Closed, Joined, Moment, Notice, Record, What},
    room::SeatId,
    room_key::RoomKey,
    statistics::Visit,
    tenant::Tenants,
};

use crate::{
    pure::id,
    support::{TestServer, api::Backend, client::room_key, http::Response, patient_limits},
};

/// 2021-06-21T00:00:00Z, a Monday, in seconds since 1970.
pub(crate) const MONDAY: u64 = 1_624_233_600;
pub(crate) const MINUTE: u64 = 60;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;
pub(crate) const ROOM: &str = "serv1test1";

/// A server and its journal.
pub(crate) struct Diary {
    pub(crate) server: TestServer,
    pub(crate) database: Database,
    tenants: Arc<Tenants>,
}

impl Diary {
    pub(crate) async fn open() -> Self {
        let mut limits = patient_limits();
        // the server's own hands are off
        limits.journal.heartbeat = std::time::Duration::from_secs(3_600);
        let server = TestServer::with(limits).await;
        let tenants = Tenants::from_config(&Config::default(), &[0; 32]).expect("a tenant");
        Self {
            database: server.database().await,
            tenants: Arc::new(tenants),
            server,
        }
    }

    /// Writes something down that happened so many seconds after Monday began.
    pub(crate) async fn note(&self, at: u64, what: What) {
        self.note_at(at, at, what).await;
    }

    /// The same where the clock has been set since the server began.
    pub(crate) async fn note_at(&self, steady: u64, clock: u64, what: What) {
        self.write(&[record(steady, clock, what)]).await;
    }

    pub(crate) async fn write(&self, records: &[Record]) {
        let written = self.database.record(records, &self.tenants).await;
        written.expect("written");
    }

    pub(crate) async fn come(&self, at: u64, peer: &str) {
        self.note(at, noticed(joins(peer))).await;
    }

    pub(crate) async fn go(&self, at: u64, peer: &str) {
        self.note(at, noticed(leaves(peer))).await;
    }

    /// Somebody's whole visit.
    pub(crate) async fn visit(&self, peer: &str, from: u64, to: u64) {
        self.come(from, peer).await;
        self.go(to, peer).await;
    }

    /// A backend with a token of its own: it is not about how often one may
    /// ask.
    pub(crate) async fn backend(&self) -> Backend<'_> {
        self.server.backend(&[Scope::StatisticsRead]).await
    }

    /// Asks about a span of time, in seconds after Monday began.
    pub(crate) async fn ask(&self, what: &str, from: u64, to: u64) -> Response {
        let (from, to) = (MONDAY + from, MONDAY + to);
        let path = format!("/streaming/statistics/peers/{what}?room_id={ROOM}&from={from}&to={to}");
        self.backend().await.get(&path).await
    }

    /// The data of the answer, which has to be good.
    pub(crate) async fn data(&self, what: &str, from: u64, to: u64) -> Value {
        let answer = self.ask(what, from, to).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        assert_eq!(body["errors"], serde_json::json!([]));
        body["data"].clone()
    }

    /// All visits of the room, in seconds after Monday began.
    pub(crate) async fn visits(&self) -> Vec<(String, u64, u64)> {
        let all = server::statistics::Period::ALWAYS;
        let visits = self.database.visits(&key(), all).await.expect("visits");
        let seconds = |at: UnixMillis| at.seconds() - MONDAY;
        let short = |it: Visit| (it.peer, seconds(it.joined_at), seconds(it.left_at));
        visits.into_iter().map(short).collect()
    }
}

pub(crate) fn key() -> RoomKey {
    room_key(ROOM)
}

pub(crate) fn noticed(notice: Notice) -> What {
    What::Noticed(key(), notice)
}

pub(crate) fn record(steady: u64, clock: u64, what: What) -> Record {
    let at = Moment {
        steady: since_monday(steady),
        clock: since_monday(clock),
    };
    Record { at, what }
}

fn since_monday(seconds: u64) -> UnixMillis {
    UnixMillis::new((MONDAY + seconds) * 1_000)
}

/// Somebody comes, on a plain address.
pub(crate) fn joins(peer: &str) -> Notice {
    joins_as(peer, peer, Role::Participant, RoomKind::Call)
}

pub(crate) fn joins_as(peer: &str, name: &str, role: Role, interface: RoomKind) -> Notice {
    Notice::Joined(Joined {
        peer: id(peer),
        seat: SeatId(1),
        display_name: DisplayName::from(name),
        role,
        interface,
        replaces: false,
        target: None,
    })
}

pub(crate) fn leaves(peer: &str) -> Notice {
    leaves_as(peer, peer, Role::Participant)
}

pub(crate) fn leaves_as(peer: &str, name: &str, role: Role) -> Notice {
    Notice::Closed(Closed {
        peer: id(peer),
        seat: SeatId(1),
        display_name: DisplayName::from(name),
        role,
        replaced: false,
    })
}
