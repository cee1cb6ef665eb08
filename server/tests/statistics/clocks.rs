//! A clock that is set while people are there, or between their visits.

use server::journal::What;

use crate::diary::{DAY, Diary, HOUR, MINUTE, joins, leaves, noticed};

#[tokio::test]
async fn visit_lasts_as_long_as_it_lasted_whatever_the_clock_does() {
    for set_to in [0, 5 * HOUR] {
        let diary = Diary::open().await;
        diary.come(HOUR, "ada").await;
        let later = HOUR + 10 * MINUTE;
        diary
            .note_at(later, set_to + 10 * MINUTE, noticed(joins("bob")))
            .await;
        let end = HOUR + 20 * MINUTE;
        for peer in ["ada", "bob"] {
            diary
                .note_at(end, set_to + 20 * MINUTE, noticed(leaves(peer)))
                .await;
        }
        let wanted = [
            ("ada".to_owned(), HOUR, end),
            ("bob".to_owned(), later, end),
        ];
        assert_eq!(diary.visits().await, wanted);
    }
}

#[tokio::test]
async fn after_a_clock_was_set_back_a_little_the_next_visit_begins_where_the_last_ended() {
    let diary = Diary::open().await;
    diary.visit("ada", 2 * HOUR, 3 * HOUR).await;
    // five minutes later it is set back by half an hour
    let (steady, clock) = (3 * HOUR + 5 * MINUTE, 2 * HOUR + 35 * MINUTE);
    diary.note_at(steady, clock, noticed(joins("ada"))).await;
    diary
        .note_at(
            steady + 10 * MINUTE,
            clock + 10 * MINUTE,
            noticed(leaves("ada")),
        )
        .await;
    let summary = diary.data("summary", 0, DAY).await;
    assert_eq!(summary["duration"], HOUR + 10 * MINUTE);
    let last = diary.visits().await.pop();
    let wanted = ("ada".to_owned(), 3 * HOUR, 3 * HOUR + 10 * MINUTE);
    assert_eq!(last, Some(wanted));
}

#[tokio::test]
async fn clock_that_was_set_once_nobody_is_there_is_believed() {
    let diary = Diary::open().await;
    diary.visit("ada", 10 * HOUR, 11 * HOUR).await;
    for (steady, clock) in [(12 * HOUR, 2 * HOUR), (20 * HOUR, 3 * DAY)] {
        diary.note_at(steady, clock, noticed(joins("ada"))).await;
        diary
            .note_at(steady + HOUR, clock + HOUR, noticed(leaves("ada")))
            .await;
    }
    let wanted = [2 * HOUR, 10 * HOUR, 3 * DAY].map(|at| ("ada".to_owned(), at, at + HOUR));
    assert_eq!(diary.visits().await, wanted);
}

#[tokio::test]
async fn clock_that_goes_back_over_a_restart_makes_no_visit_negative() {
    let diary = Diary::open().await;
    diary.come(2 * HOUR, "ada").await;
    diary.note(2 * HOUR + MINUTE, What::Beat).await;
    diary.database.lose_seats().await.expect("lost");
    let (back, end) = (HOUR + 30 * MINUTE, HOUR + 40 * MINUTE);
    diary.come(back, "ada").await;
    diary.go(end, "ada").await;
    let wanted = ("ada".to_owned(), 2 * HOUR, 2 * HOUR + 11 * MINUTE);
    assert_eq!(diary.visits().await, [wanted]);
}
