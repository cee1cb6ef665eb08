//! What a running server forgets because it is old.

use std::path::Path;

use server::{
    Server,
    clock::{Now, UnixMillis},
    config::Config,
    db::{Database, KnownKey, NewPin, NewPlan, StoredAnswer},
    journal::{Moment, Record},
    site::Site,
    statistics::Period,
    tenant::Tenants,
};

use crate::{
    diary::{joins, key, leaves, noticed},
    support::{
        self,
        client::room_key,
        database::{Folder, folder},
        patient_limits, until, write_site,
    },
};

const HOUR: u64 = 60 * 60 * 1_000;
const DAY: u64 = 24 * HOUR;

fn ago(millis: u64) -> UnixMillis {
    UnixMillis::new(Now::read().unix.get() - millis)
}

fn plan(expires_at: Option<UnixMillis>) -> NewPlan {
    NewPlan {
        plan: "{}".to_owned(),
        expires_at,
        pin: NewPin::Kept,
    }
}

/// Starts a server that keeps visits for so many days.
async fn start(folder: &Path, keep_days: u32) -> Server {
    write_site(&folder.join("site"));
    let site = Site::in_folder(&folder.join("site")).expect("a site");
    let mut config = support::config(folder);
    config.statistics.keep_days = keep_days;
    let server = Server::start(&config, &site, patient_limits()).await;
    server.expect("a server")
}

/// A database before its server is there.
async fn before() -> (Folder, Database) {
    let folder = folder();
    let database = support::open(folder.path()).await;
    (folder, database)
}

/// Somebody was there for a minute and left so long ago.
async fn visit(database: &Database, peer: &str, left: u64) {
    let record = |at, what| Record {
        at: Moment {
            steady: at,
            clock: at,
        },
        what,
    };
    let records: [Record; 2] = [
        record(ago(left + 60_000), noticed(joins(peer))),
        record(ago(left), noticed(leaves(peer))),
    ];
    let tenants = Tenants::from_config(&Config::default(), &[0; 32]).expect("a tenant");
    let written = database.record(&records, &tenants).await;
    written.expect("written");
}

async fn visitors(database: &Database) -> Vec<String> {
    let visits = database.visits(&key(), Period::ALWAYS).await;
    let visits = visits.expect("visits").into_iter();
    visits.map(|visit| visit.peer).collect()
}

#[tokio::test]
async fn visits_are_kept_for_as_many_days_as_the_settings_say() {
    for (days, kept) in [
        (1, &["ada"][..]),
        (2, &["bob", "ada"]),
        (0, &["eva", "bob", "ada"]),
    ] {
        let (folder, database) = before().await;
        visit(&database, "eva", 3 * DAY).await;
        visit(&database, "bob", 36 * HOUR).await;
        visit(&database, "ada", 23 * HOUR).await;
        let over = room_key("over");
        let planned = database
            .plan_room(&over, &plan(Some(ago(40 * DAY))), ago(0))
            .await;
        assert!(planned.expect("planned"));
        let server = start(folder.path(), days).await;
        // what is begun is done before the stop
        until("the server is tidying", async || {
            let room = database.planned_room(&over).await;
            room.expect("a query").is_none()
        })
        .await;
        server.stop().await;
        assert_eq!(visitors(&database).await, kept, "{days} days");
    }
}

#[tokio::test]
async fn planned_rooms_that_are_over_are_forgotten_with_their_pins() {
    let (folder, database) = before().await;
    let rooms = [
        ("over", Some(ago(31 * DAY))),
        ("lately", Some(ago(29 * DAY))),
        ("open", None),
    ];
    for (room, closes_at) in rooms {
        let room = room_key(room);
        let planned = database
            .plan_room(&room, &plan(closes_at), ago(40 * DAY))
            .await;
        assert!(planned.expect("planned"));
        let pin = database.set_room_pin(&room, "hash", ago(40 * DAY)).await;
        pin.expect("a PIN");
    }
    let server = start(folder.path(), 0).await;
    let planned = async |room| {
        let room = database.planned_room(&room_key(room)).await;
        room.expect("a query").is_some()
    };
    let pin = async |room| {
        let pin = database.room_pin(&room_key(room)).await;
        pin.expect("a query").is_some()
    };
    until("the room is forgotten", async || !planned("over").await).await;
    assert!(!pin("over").await);
    for room in ["lately", "open"] {
        assert!(planned(room).await && pin(room).await, "{room}");
    }
    server.stop().await;
}

#[tokio::test]
async fn answers_to_requests_are_forgotten_after_a_day() {
    let (folder, database) = before().await;
    let never = UnixMillis::new(0);
    for (key, at) in [("old", ago(25 * HOUR)), ("new", ago(23 * HOUR))] {
        let key = ("backend", key);
        let taken = database.take_key(key, b"a request", (at, never)).await;
        assert_eq!(taken.expect("taken"), KnownKey::New);
        let answer = StoredAnswer {
            status: 204,
            content_type: None,
            location: None,
            body: Vec::new(),
        };
        database.answer_key(key, answer).await.expect("kept");
    }
    let server = start(folder.path(), 0).await;
    // who asks takes a key that is free, so it is free until then
    until("the old one is forgotten", async || {
        let known = database.take_key(("backend", "old"), b"another", (ago(0), never));
        known.await.expect("a query") == KnownKey::New
    })
    .await;
    let known = database.take_key(("backend", "new"), b"a request", (ago(0), never));
    assert!(matches!(
        known.await.expect("a query"),
        KnownKey::Answered(_)
    ));
    server.stop().await;
}
