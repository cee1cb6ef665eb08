//! What visits add up to.

use protocol::{Role, RoomKind};
use serde_json::json;

use crate::diary::{DAY, Diary, HOUR, MINUTE, MONDAY, joins_as, noticed};

// proves rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn sixty_minutes_on_each_of_two_days_are_a_hundred_and_twenty() {
    let diary = Diary::open().await;
    diary.visit("ada", 9 * HOUR, 10 * HOUR).await;
    diary.visit("ada", DAY + 9 * HOUR, DAY + 10 * HOUR).await;
    for (from, to, minutes) in [(0, DAY, 60), (DAY, 2 * DAY, 60), (0, 2 * DAY, 120)] {
        let summary = diary.data("summary", from, to).await;
        assert_eq!(summary["duration"], minutes * MINUTE, "{summary}");
        assert_eq!(summary["participants"], 1);
    }
}

// proves rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn time_counts_once_however_many_are_there() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    diary.come(10 * MINUTE, "bob").await;
    diary.go(15 * MINUTE, "bob").await;
    diary.go(20 * MINUTE, "ada").await;
    diary.visit("vic", 30 * MINUTE, 40 * MINUTE).await;
    diary.visit("bob", 40 * MINUTE, 41 * MINUTE).await;
    let summary = diary.data("summary", 0, DAY).await;
    let wanted = json!({
        "participants": 3,
        "start_time": MONDAY,
        "end_time": MONDAY + 41 * MINUTE,
        "duration": 31 * MINUTE,
    });
    assert_eq!(summary, wanted);
}

// proves rest.GET /streaming/statistics/peers/
#[tokio::test]
async fn each_visit_stands_by_itself() {
    let diary = Diary::open().await;
    diary.visit("peer1", 0, 5 * MINUTE).await;
    diary.come(50 * MINUTE, "peer2").await;
    diary.visit("peer1", 55 * MINUTE, 60 * MINUTE).await;
    diary.go(61 * MINUTE, "peer2").await;
    let session = |peer: &str, from: u64, to: u64| {
        json!({
            "person_id": peer,
            "join_time": MONDAY + from,
            "leave_time": MONDAY + to,
            "duration": to - from,
        })
    };
    let wanted = json!([
        session("peer1", 0, 5 * MINUTE),
        session("peer2", 50 * MINUTE, 61 * MINUTE),
        session("peer1", 55 * MINUTE, 60 * MINUTE),
    ]);
    assert_eq!(diary.data("", 0, DAY).await, wanted);
}

// proves rest.GET /streaming/statistics/peers/, rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn what_lies_outside_is_cut_off() {
    let diary = Diary::open().await;
    diary.visit("ada", 9 * HOUR, 11 * HOUR).await;
    diary.visit("bob", 12 * HOUR, 13 * HOUR).await;
    let (from, to) = (10 * HOUR, 10 * HOUR + 30 * MINUTE);
    let summary = diary.data("summary", from, to).await;
    let wanted = json!({
        "participants": 1,
        "start_time": MONDAY + from,
        "end_time": MONDAY + to,
        "duration": 30 * MINUTE,
    });
    assert_eq!(summary, wanted);
    let sessions = diary.data("", from, to).await;
    assert_eq!(sessions.as_array().map(Vec::len), Some(1));
    assert_eq!(sessions[0]["join_time"], MONDAY + from);
    assert_eq!(sessions[0]["duration"], 30 * MINUTE);
}

// proves rest.GET /streaming/statistics/peers/summary
#[tokio::test]
async fn both_interfaces_and_viewers_count_together() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    let viewer = joins_as("vic", "vic", Role::Viewer, RoomKind::Webinar);
    diary.note(5 * MINUTE, noticed(viewer)).await;
    diary.go(10 * MINUTE, "ada").await;
    diary.go(15 * MINUTE, "vic").await;
    let summary = diary.data("summary", 0, DAY).await;
    assert_eq!(summary["participants"], 2);
    assert_eq!(summary["duration"], 15 * MINUTE);
}

// proves rest.GET /streaming/statistics/peers/
#[tokio::test]
async fn who_is_there_counts_until_the_last_heartbeat() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    diary.note(30, server::journal::What::Beat).await;
    let sessions = diary.data("", 0, DAY).await;
    assert_eq!(sessions[0]["duration"], 30);
    diary.note(60, server::journal::What::Beat).await;
    let summary = diary.data("summary", 0, DAY).await;
    assert_eq!(summary["duration"], 60);
}
