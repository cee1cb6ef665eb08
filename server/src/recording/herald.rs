//! Tells rooms what changed of their recordings.
//!
//! It compares what it told with what is so now: however often a recording
//! changes, a slow room hears of its newest state.

use std::sync::Arc;

use protocol::NoRecording;
use tokio::sync::watch;

use super::View;
use crate::{
    room::{Command, Registry},
    room_key::RoomKey,
};

/// Runs until the desk is gone.
pub(super) async fn run(registry: Registry, mut view: watch::Receiver<Arc<View>>) {
    let mut told = Arc::clone(&view.borrow_and_update());
    while view.changed().await.is_ok() {
        let now = Arc::clone(&view.borrow_and_update());
        for room in changed(&told, &now) {
            let recording = Command::Recording(now.of_room(&room));
            tell(&registry, &room, recording, now.no_recording).await;
        }
        told = now;
    }
}

/// The rooms that have to hear of it. A room that opens reads the view itself.
fn changed(told: &View, now: &View) -> Vec<RoomKey> {
    if told.no_recording != now.no_recording {
        return now.attended.iter().cloned().collect();
    }
    let rooms = told.recordings.keys().chain(now.recordings.keys());
    let different = |room: &&RoomKey| told.recordings.get(room) != now.recordings.get(room);
    rooms.filter(different).cloned().collect()
}

async fn tell(registry: &Registry, room: &RoomKey, recording: Command, no: Option<NoRecording>) {
    let Ok(Some(door)) = registry.find(room).await else {
        return;
    };
    // a room that failed reads the view when it is there again
    door.tell(recording).await.ok();
    door.tell(Command::NoRecording(no)).await.ok();
}
