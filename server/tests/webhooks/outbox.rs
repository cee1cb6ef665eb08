//! What the database keeps of webhooks, without a server.

use std::sync::Arc;

use protocol::{DisplayName, Role, RoomKind};
use server::{
    clock::UnixMillis,
    config::{Config, Secret},
    db::Database,
    journal::{Closed, Joined, Moment, Notice, Record, What},
    room::SeatId,
    tenant::Tenants,
    webhooks::{EventTarget, Receiver},
};
use url::Url;

use crate::{
    pure::id,
    support::{
        self,
        client::room_key,
        database::{Folder, folder, postgres},
    },
};

/// A database in a folder of its own.
struct Outbox {
    database: Database,
    folder: Folder,
}

impl Outbox {
    async fn open() -> Self {
        let folder = folder();
        let database = support::open(folder.path()).await;
        Self { database, folder }
    }

    async fn record(&self, records: &[Record]) {
        let tenants = Tenants::from_config(&Config::default(), &[0; 32]).expect("a tenant");
        let written = self.database.record(records, &tenants).await;
        written.expect("written");
    }

    /// What waits: host, kind and name, in the order in which it was written
    /// for each receiver.
    async fn waiting(&self) -> Vec<String> {
        let (mut lines, _) = self.database.new_webhooks(0).await.expect("lines");
        lines.sort();
        let mut found = Vec::new();
        for line in lines {
            let host = match &line.receiver {
                Receiver::Tenant => "tenant",
                Receiver::Subscription(id) => id.as_str(),
                Receiver::Url(url) => url.host_str().expect("a host"),
            };
            while let Some(next) = self.database.next_webhook(&line).await.expect("a query") {
                let body: serde_json::Value = serde_json::from_str(&next.body).expect("JSON");
                let name = body["displayName"].as_str().expect("a name");
                found.push(format!("{host} {} {name}", next.kind));
                let gone = self.database.webhook_delivered(next.seq).await;
                gone.expect("deleted");
            }
        }
        found
    }

    /// Whether the files have this text.
    async fn holds(&self, text: &str) -> bool {
        let folder = self.folder.path().join("data");
        let files = std::fs::read_dir(folder).expect("a folder");
        let mut found = false;
        for file in files {
            let bytes = std::fs::read(file.expect("a file").path()).expect("bytes");
            found |= bytes
                .windows(text.len())
                .any(|some| some == text.as_bytes());
        }
        found
    }
}

fn at(millis: u64) -> UnixMillis {
    UnixMillis::new(millis)
}

fn now(what: What) -> Record {
    let at = Moment {
        steady: at(1),
        clock: at(1),
    };
    Record { at, what }
}

fn noticed(notice: Notice) -> Record {
    now(What::Noticed(room_key("room"), notice))
}

fn joined(peer: &str, seat: u64, receiver: Receiver) -> Record {
    noticed(Notice::Joined(person(peer, seat, receiver)))
}

fn person(peer: &str, seat: u64, receiver: Receiver) -> Joined {
    Joined {
        peer: id(peer),
        seat: SeatId(seat),
        display_name: DisplayName::from(format!("{peer}{seat}")),
        role: Role::Participant,
        interface: RoomKind::Call,
        replaces: false,
        target: Some(Arc::new(EventTarget {
            receiver,
            authorization: Some(Secret::new("Bearer hush")),
        })),
    }
}

fn closed(peer: &str, seat: u64) -> Record {
    noticed(Notice::Closed(Closed {
        peer: id(peer),
        seat: SeatId(seat),
        display_name: DisplayName::from(format!("{peer} gone")),
        role: Role::Participant,
        replaced: false,
    }))
}

fn url(host: &str) -> Receiver {
    Receiver::Url(Url::parse(&format!("https://{host}/")).expect("a URL"))
}

const LOST: i64 = 7;

fn lost() -> Record {
    now(What::Lost(room_key("room"), LOST))
}

// proves webhook.closePeer
#[tokio::test]
async fn those_of_a_room_that_failed_leave_unless_they_come_back() {
    let outbox = Outbox::open().await;
    outbox
        .record(&[
            joined("ada", 1, Receiver::Tenant),
            joined("bob", 2, Receiver::Tenant),
            lost(),
            joined("ada", 3, Receiver::Tenant),
            now(What::Sweep(LOST)),
            now(What::Sweep(LOST)),
            // the seat from before the fault is another one
            closed("ada", 1),
            closed("ada", 3),
        ])
        .await;
    let told = [
        "tenant joinPeer ada1",
        "tenant joinPeer bob2",
        "tenant closePeer bob2",
        "tenant closePeer ada gone",
    ];
    assert_eq!(outbox.waiting().await, told);
}

#[tokio::test]
async fn who_comes_back_to_another_receiver_leaves_the_first() {
    let outbox = Outbox::open().await;
    let back = [
        joined("ada", 1, url("a.example")),
        lost(),
        joined("ada", 2, url("b.example")),
        now(What::Sweep(LOST)),
    ];
    outbox.record(&back).await;
    let told = [
        "a.example joinPeer ada1",
        "a.example closePeer ada1",
        "b.example joinPeer ada2",
    ];
    assert_eq!(outbox.waiting().await, told);
}

#[tokio::test]
async fn written_twice_is_told_once() {
    let outbox = Outbox::open().await;
    let batch = [
        joined("ada", 1, Receiver::Tenant),
        joined("bob", 2, Receiver::Tenant),
        closed("bob", 2),
    ];
    outbox.record(&batch).await;
    outbox.record(&batch[..1]).await;
    outbox.record(&batch[2..]).await;
    assert_eq!(outbox.waiting().await.len(), 3);
}

#[tokio::test]
async fn list_of_the_present_tells_whoever_came_and_went_unnoticed() {
    let outbox = Outbox::open().await;
    outbox
        .record(&[
            joined("lost", 9, Receiver::Tenant),
            lost(),
            joined("ada", 1, Receiver::Tenant),
            joined("bob", 2, Receiver::Tenant),
            now(What::Present(
                room_key("room"),
                vec![
                    person("ada", 1, Receiver::Tenant),
                    // replaced meanwhile
                    person("bob", 3, Receiver::Tenant),
                ],
            )),
        ])
        .await;
    let told = [
        "tenant joinPeer lost9",
        "tenant joinPeer ada1",
        "tenant joinPeer bob2",
        "tenant closePeer bob2",
        "tenant joinPeer bob3",
    ];
    assert_eq!(outbox.waiting().await, told);
}

#[tokio::test]
async fn authorization_is_gone_from_the_files_after_delivery() {
    if postgres().is_some() {
        return; // its files are its operator's business
    }
    let outbox = Outbox::open().await;
    let both = [joined("ada", 1, url("a.example")), closed("ada", 1)];
    outbox.record(&both).await;
    assert!(outbox.holds("Bearer hush").await);
    outbox.waiting().await;
    // the write-ahead log goes with the last connection
    outbox.database.close().await;
    assert!(!outbox.holds("Bearer hush").await);
}

#[tokio::test]
async fn dead_letters_are_kept_for_a_while() {
    let outbox = Outbox::open().await;
    outbox.record(&[joined("ada", 1, Receiver::Tenant)]).await;
    let database = &outbox.database;
    let (lines, last) = database.new_webhooks(0).await.expect("lines");
    let message = database.next_webhook(&lines[0]).await.expect("a query");
    let seq = message.expect("a message").seq;
    assert_eq!(seq, last);
    database
        .webhook_dead(seq, at(50), "status 410")
        .await
        .expect("noted");
    for (before, left) in [(50, 1), (51, 0)] {
        let forgot = database.forget_dead_webhooks(at(before)).await;
        forgot.expect("forgotten");
        let counted = database.count_webhooks().await.expect("a count");
        assert_eq!(counted, (0, left));
    }
}
