//! The attendance list.

use protocol::{Role, RoomKind};
use server::{accounts::Scope, clock::UnixMillis};

use crate::{
    diary::{
        Diary, HOUR, MINUTE, MONDAY, ROOM, joins, joins_as, leaves, leaves_as, noticed, record,
    },
    support::api::assert_problem,
};

const HEADER: &str = "person_id,display_name,role,interface,join_time,leave_time,duration_seconds";

async fn named(diary: &Diary, peer: &str, name: &str) {
    let call = RoomKind::Call;
    let joins = joins_as(peer, name, Role::Participant, call);
    diary.note(0, noticed(joins)).await;
    let leaves = leaves_as(peer, name, Role::Moderator);
    diary.note(MINUTE, noticed(leaves)).await;
}

async fn list(diary: &Diary, query: &str) -> String {
    let path = format!("/api/v1/rooms/{ROOM}/attendance.csv{query}");
    let answer = diary.backend().await.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kind = answer.header("content-type");
    assert_eq!(kind, "text/csv; charset=utf-8; header=present");
    unchunked(&answer.text())
}

/// A body in chunks (RFC 9112, 7.1) as one.
fn unchunked(body: &str) -> String {
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a size");
        whole.push_str(&after[..size]);
        rest = &after[size..];
        rest = rest.strip_prefix("\r\n").unwrap_or(rest);
    }
    whole
}

#[tokio::test]
async fn list_has_a_line_for_each_visit() {
    let diary = Diary::open().await;
    named(&diary, "ada", "Ada Lovelace").await;
    diary.come(2 * MINUTE, "bob").await;
    diary.note(3 * MINUTE, server::journal::What::Beat).await;
    let lines = [
        HEADER,
        "ada,Ada Lovelace,moderator,call,2021-06-21T00:00:00.000Z,2021-06-21T00:01:00.000Z,60",
        "bob,bob,participant,call,2021-06-21T00:02:00.000Z,,60",
        "",
    ];
    assert_eq!(list(&diary, "").await, lines.join("\r\n"));
    let later = format!("?from={}", MONDAY + HOUR);
    assert_eq!(list(&diary, &later).await, format!("{HEADER}\r\n"));
}

#[tokio::test]
async fn names_run_no_formula_and_break_no_line() {
    let diary = Diary::open().await;
    for (n, (name, shown)) in [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("Lovelace, Ada", "\"Lovelace, Ada\""),
        ("=\"a\",1", "\"'=\"\"a\"\",1\""),
        ("a=b", "a=b"),
    ]
    .into_iter()
    .enumerate()
    {
        let peer = format!("p{n}");
        named(&diary, &peer, name).await;
        let list = list(&diary, "").await;
        assert!(
            list.contains(&format!("\r\n{peer},{shown},moderator")),
            "{list}"
        );
        diary
            .database
            .forget_visits(UnixMillis::from_sql(i64::MAX), 99)
            .await
            .expect("gone");
    }
}

#[tokio::test]
async fn long_list_comes_whole_and_each_once() {
    let diary = Diary::open().await;
    let visit = |n| {
        let peer = format!("p{n}");
        let comes = record(n, n, noticed(joins(&peer)));
        [comes, record(n + 60, n + 60, noticed(leaves(&peer)))]
    };
    let visits: Vec<_> = (0..2_500).flat_map(visit).collect();
    diary.write(&visits).await;
    let list = list(&diary, "").await;
    let mut people: Vec<&str> = list
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(people.len(), 2_500);
    people.sort_unstable();
    people.dedup();
    assert_eq!(people.len(), 2_500);
}

#[tokio::test]
async fn others_get_no_list() {
    let diary = Diary::open().await;
    let path = format!("/api/v1/rooms/{ROOM}/attendance.csv");
    let other = diary.server.backend(&[Scope::RoomsRead]).await;
    assert_problem(&other.get(&path).await, 403, "forbidden");
    let bad = diary
        .backend()
        .await
        .get(&format!("{path}?from=soon"))
        .await;
    assert_problem(&bad, 400, "bad_request");
}
