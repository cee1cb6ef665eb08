//! What stands in the database together with the messages that tell of it, or
//! not at all.

use protocol::{ChatMessage, DisplayName, Recording, RecordingState};
use server::{
    clock::UnixMillis,
    config::Config,
    db::{Database, StoredRecording, Telling},
    room_key::TenantId,
    tenant::Tenants,
    webhooks::{EventKind, Subscription},
};
use sqlx::raw_sql;
use url::Url;

use crate::{
    pure::id,
    support::{
        self,
        client::room_key,
        database::{self, Folder, folder},
    },
};

/// A database in which somebody wants to hear of everything.
struct Told {
    database: Database,
    tenants: Tenants,
    folder: Folder,
}

impl Told {
    async fn open() -> Self {
        let folder = folder();
        let database = support::open(folder.path()).await;
        let url = Url::parse("https://a.example/").expect("a URL");
        let wish = Subscription::new(url, EventKind::ALL.to_vec(), at(1));
        let tenant = TenantId::default_tenant();
        let added = database.add_subscription(&tenant, &wish, 32).await;
        assert!(added.expect("a subscription"));
        let tenants = Tenants::from_config(&Config::default(), &[0; 32]).expect("a tenant");
        Self {
            database,
            tenants,
            folder,
        }
    }

    async fn execute(&self, sql: &'static str) {
        let mut connection = database::connection(self.folder.path()).await;
        raw_sql(sql).execute(&mut connection).await.expect("done");
    }

    /// From now on the outbox takes nothing.
    async fn break_outbox(&self) {
        let sql = "ALTER TABLE webhook_messages RENAME TO out_of_the_way";
        self.execute(sql).await;
    }

    async fn mend_outbox(&self) {
        let sql = "ALTER TABLE out_of_the_way RENAME TO webhook_messages";
        self.execute(sql).await;
    }

    async fn say(&self, number: u64) -> Result<bool, sqlx::Error> {
        let message = ChatMessage {
            id: number,
            from: Some(id("ada")),
            display_name: DisplayName::from("Ada"),
            text: format!("message {number}"),
            sent_at: 5,
            nonce: format!("n{number}"),
        };
        let room = room_key("room");
        self.database
            .add_chat(&room, &message, self.telling())
            .await
    }

    async fn reach(&self, state: RecordingState) -> Result<bool, sqlx::Error> {
        let recording = Recording {
            id: "rec1".to_owned(),
            state,
            since: 5,
            progress: None,
        };
        let (room, stopped) = (room_key("room"), Some(at(9)));
        self.database
            .set_recording_state(&room, &recording, stopped, self.telling())
            .await
    }

    fn telling(&self) -> Telling<'_> {
        Telling {
            tenants: &self.tenants,
            at: at(7),
        }
    }

    /// What was said.
    async fn chat(&self) -> Vec<String> {
        let room = self.database.open_room(&room_key("room"), at(1), 10).await;
        let chat = room.expect("a room").chat.into_iter();
        chat.map(|message| message.text).collect()
    }

    /// What waits to be told, which is then told.
    async fn waiting(&self) -> Vec<String> {
        let (lines, _) = self.database.new_webhooks(0).await.expect("lines");
        let mut found = Vec::new();
        for line in lines {
            while let Some(next) = self.database.next_webhook(&line).await.expect("a query") {
                found.push(next.kind.to_string());
                let gone = self.database.webhook_delivered(next.seq).await;
                gone.expect("deleted");
            }
        }
        found
    }
}

fn at(millis: u64) -> UnixMillis {
    UnixMillis::new(millis)
}

#[tokio::test]
async fn chat_message_is_stored_with_what_tells_of_it_or_not_at_all() {
    let told = Told::open().await;
    assert_eq!(told.chat().await, [""; 0]);
    told.break_outbox().await;
    assert!(told.say(1).await.is_err());
    assert_eq!(told.chat().await, [""; 0]);
    told.mend_outbox().await;
    assert!(told.say(1).await.expect("stored"), "somebody is to be told");
    assert_eq!(told.chat().await, ["message 1"]);
    // what is not stored is not told either
    assert!(told.say(1).await.is_err());
    assert_eq!(told.waiting().await, ["chat.message"]);
}

#[tokio::test]
async fn recording_reaches_a_state_with_what_tells_of_it_or_not_at_all() {
    let told = Told::open().await;
    let recording = StoredRecording {
        id: "rec1".to_owned(),
        room: room_key("room"),
        state: RecordingState::Starting,
        created_at: at(5),
    };
    let added = told.database.add_recording(&recording, "api").await;
    added.expect("a recording");
    let mut before = RecordingState::Starting;
    for (state, kind) in [
        (RecordingState::Recording, "recording.started"),
        (RecordingState::Processing, "recording.stopped"),
        (RecordingState::Ready, "recording.ready"),
    ] {
        told.break_outbox().await;
        assert!(told.reach(state).await.is_err());
        let open = told.database.open_recordings().await.expect("recordings");
        assert_eq!(open.first().map(|open| open.state), Some(before));
        told.mend_outbox().await;
        assert!(told.reach(state).await.expect("kept"));
        assert_eq!(told.waiting().await, [kind]);
        before = state;
    }
    let open = told.database.open_recordings().await.expect("recordings");
    assert_eq!(open, []);
}
