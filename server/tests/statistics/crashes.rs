//! What a crash or a restart leaves of a visit.

use server::journal::What;

use crate::diary::{Diary, HOUR, MINUTE, joins, key, leaves, noticed};

fn visit(peer: &str, from: u64, to: u64) -> (String, u64, u64) {
    (peer.to_owned(), from, to)
}

// proves rest.GET /streaming/statistics/peers/
#[tokio::test]
async fn who_was_cut_off_was_there_until_the_last_heartbeat() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    diary.note(5 * MINUTE, What::Beat).await;
    // the process is killed, and another begins
    diary.database.lose_seats().await.expect("lost");
    // a beat of the new one is none of hers
    diary.note(7 * MINUTE, What::Beat).await;
    diary.note(9 * MINUTE, What::Sweep(0)).await;
    assert_eq!(diary.visits().await, [visit("ada", 0, 5 * MINUTE)]);
    let late = diary.data("", 0, HOUR).await;
    assert_eq!(late[0]["duration"], 5 * MINUTE);
}

#[tokio::test]
async fn visit_of_who_comes_back_in_time_goes_on() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    diary.come(0, "bob").await;
    diary.note(5 * MINUTE, What::Beat).await;
    diary.database.lose_seats().await.expect("lost");
    diary.come(6 * MINUTE, "ada").await;
    diary.note(7 * MINUTE, What::Sweep(0)).await;
    diary.go(20 * MINUTE, "ada").await;
    let wanted = [visit("ada", 0, 20 * MINUTE), visit("bob", 0, 5 * MINUTE)];
    assert_eq!(diary.visits().await, wanted);
}

#[tokio::test]
async fn those_of_a_room_that_failed_were_there_until_then() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    diary.note(100, What::Lost(key(), 7)).await;
    diary.note(220, What::Sweep(7)).await;
    assert_eq!(diary.visits().await, [visit("ada", 0, 100)]);
}

#[tokio::test]
async fn who_came_and_went_unnoticed_is_known_by_the_list_of_those_present() {
    let diary = Diary::open().await;
    diary.come(0, "ada").await;
    let server::journal::Notice::Joined(bob) = joins("bob") else {
        unreachable!("bob joins");
    };
    diary.note(60, What::Present(key(), vec![bob])).await;
    diary.note(90, noticed(leaves("bob"))).await;
    assert_eq!(
        diary.visits().await,
        [visit("ada", 0, 60), visit("bob", 60, 90)]
    );
}
