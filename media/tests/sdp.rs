//! Offers of browsers and their answers.
//!
//! The offers of Chromium 156 and Firefox 153 were recorded from the page's
//! own calls; Safari's follows WebKit's. `UPDATE_GOLDEN=1 cargo test -p media
//! --test sdp` writes the answers anew.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod common;

use std::{collections::HashMap, path::PathBuf};

use common::{offer, peer, plane, room, tracks};
use media::{ClientOffer, MediaConfig, MediaError, MediaPlane, RoomMedia, SdpError};
use proptest::prelude::*;

const BROWSERS: [&str; 3] = ["chromium", "firefox", "safari"];

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/sdp")
        .join(name)
}

fn offer_of(browser: &str) -> String {
    std::fs::read_to_string(fixture(&format!("{browser}.offer.sdp"))).unwrap()
}

async fn answer(room: &RoomMedia, connection: u32, sdp: &str) -> Result<String, MediaError> {
    room.offer(&peer("a"), offer(connection, sdp)).await
}

/// Replaces what is random by names, the same random text by the same name.
fn without_randomness(sdp: &str) -> String {
    let mut ssrcs: HashMap<String, usize> = HashMap::new();
    let mut name = |ssrc: &str| {
        let next = ssrcs.len();
        format!("ssrc{}", ssrcs.entry(ssrc.to_owned()).or_insert(next))
    };
    let mut lines = Vec::new();
    for line in sdp.split("\r\n") {
        let words: Vec<&str> = line.split([' ', ':']).collect();
        lines.push(match words[0] {
            "o=-" => "o=- <session> 1 IN IP4 127.0.0.1".to_owned(),
            "a=ice-ufrag" | "a=ice-pwd" | "a=fingerprint" => format!("{}:<random>", words[0]),
            "a=candidate" => line.replacen(words[6], "<port>", 1),
            "a=ssrc" => line.replacen(words[1], &name(words[1]), 1),
            "a=ssrc-group" => {
                let (first, second) = (name(words[2]), name(words[3]));
                format!("a=ssrc-group:FID {first} {second}")
            }
            _ => line.to_owned(),
        });
    }
    lines.join("\n")
}

#[tokio::test]
async fn answers_to_browsers_are_as_recorded() {
    let plane = plane();
    for browser in BROWSERS {
        let (room, _events) = room(&plane, browser);
        room.add(&peer("a")).unwrap();
        let answer = answer(&room, 1, &offer_of(browser)).await.unwrap();
        let answer = without_randomness(&answer);
        let path = fixture(&format!("{browser}.answer.sdp"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &answer).unwrap();
        }
        assert_eq!(answer, std::fs::read_to_string(path).unwrap(), "{browser}");
    }
}

/// The value of an attribute in each m-line that has it, by mid.
fn by_mid<'a>(sdp: &'a str, attribute: &str) -> HashMap<&'a str, &'a str> {
    let mut values = HashMap::new();
    for section in sdp.split("\r\nm=").skip(1) {
        let value = |key: &str| section.lines().find_map(|line| line.strip_prefix(key));
        if let (Some(mid), Some(value)) = (value("a=mid:"), value(attribute)) {
            values.insert(mid, value);
        }
    }
    values
}

/// A further slot, as a client offers it for a larger grid.
fn with_one_more_slot(sdp: &str) -> String {
    let last = sdp.rfind("m=video").unwrap();
    let section = sdp[last..].replace("a=mid:16", "a=mid:17");
    let bundle = sdp.replace(" 15 16\r\n", " 15 16 17\r\n");
    format!("{bundle}{section}")
}

#[tokio::test]
async fn slots_keep_their_ssrcs_when_more_are_added() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    for browser in ["chromium", "safari"] {
        let sdp = offer_of(browser);
        let connection = if browser == "chromium" { 1 } else { 2 };
        let first = answer(&room, connection, &sdp).await.unwrap();
        let second = answer(&room, connection, &with_one_more_slot(&sdp))
            .await
            .unwrap();
        let (before, after) = (by_mid(&first, "a=ssrc:"), by_mid(&second, "a=ssrc:"));
        assert_eq!(before.len(), 13);
        assert_eq!(after.len(), 14);
        assert!(before.iter().all(|(mid, ssrc)| after[mid] == *ssrc));
        assert_eq!(
            by_mid(&first, "a=ice-ufrag:")["0"],
            by_mid(&second, "a=ice-ufrag:")["0"]
        );
        assert_eq!(
            first.lines().nth(1).unwrap().split(' ').nth(1),
            second.lines().nth(1).unwrap().split(' ').nth(1)
        );
    }
}

#[tokio::test]
async fn an_ice_restart_changes_the_credentials_and_keeps_the_streams() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    let sdp = offer_of("chromium");
    let first = answer(&room, 1, &sdp).await.unwrap();
    let restart = sdp.replace("a=ice-ufrag:", "a=ice-ufrag:new");
    let second = answer(&room, 1, &restart).await.unwrap();
    assert_ne!(
        by_mid(&first, "a=ice-ufrag:")["0"],
        by_mid(&second, "a=ice-ufrag:")["0"]
    );
    assert_ne!(
        by_mid(&first, "a=ice-pwd:")["0"],
        by_mid(&second, "a=ice-pwd:")["0"]
    );
    assert_eq!(by_mid(&first, "a=ssrc:"), by_mid(&second, "a=ssrc:"));
    assert_eq!(
        by_mid(&first, "a=fingerprint:"),
        by_mid(&second, "a=fingerprint:")
    );
}

#[tokio::test]
async fn a_new_connection_has_new_credentials_and_streams() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    let sdp = offer_of("chromium");
    let first = answer(&room, 1, &sdp).await.unwrap();
    let second = answer(&room, 2, &sdp).await.unwrap();
    assert_ne!(
        by_mid(&first, "a=ice-ufrag:")["0"],
        by_mid(&second, "a=ice-ufrag:")["0"]
    );
    assert_ne!(by_mid(&first, "a=ssrc:"), by_mid(&second, "a=ssrc:"));
}

#[tokio::test]
async fn a_bad_offer_changes_nothing() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    let sdp = offer_of("chromium");
    let first = answer(&room, 1, &sdp).await.unwrap();
    let mut bad = offer(1, &sdp);
    bad.tracks[1].mid = "nowhere".to_owned();
    let refused = room.offer(&peer("a"), bad.clone()).await;
    assert!(matches!(
        refused,
        Err(MediaError::BadOffer(SdpError::Track(_)))
    ));
    bad.connection = 2;
    assert!(room.offer(&peer("a"), bad).await.is_err());
    let second = answer(&room, 1, &sdp).await.unwrap();
    assert_eq!(
        by_mid(&first, "a=ice-ufrag:"),
        by_mid(&second, "a=ice-ufrag:")
    );
    assert_eq!(by_mid(&first, "a=ssrc:"), by_mid(&second, "a=ssrc:"));
}

#[tokio::test]
async fn a_page_on_this_machine_gets_an_address_besides_the_announced_ones() {
    let plane = MediaPlane::start(&MediaConfig {
        listen: "0.0.0.0:0".parse().unwrap(),
        announce: vec!["203.0.113.7".parse().unwrap()],
        workers: 1,
    })
    .unwrap();
    let (room, _events) = room(&plane, "x");
    common::add(&room, "a");
    let addresses = |sdp: &str| -> Vec<String> {
        let candidates = sdp.lines().filter(|line| line.starts_with("a=candidate:"));
        let address = |line: &str| line.split(' ').nth(4).unwrap().to_owned();
        candidates.map(address).collect()
    };
    let offered = offer(1, &offer_of("chromium"));
    let far = room.offer(&peer("a"), offered.clone()).await.unwrap();
    assert_eq!(addresses(&far), ["203.0.113.7"]);
    let near = room.offer_on_this_machine(&peer("a"), offered).await;
    assert_eq!(addresses(&near.unwrap()), ["203.0.113.7", "127.0.0.1"]);
}

#[tokio::test]
async fn tracks_must_fit_the_offer() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    let wrong = |change: fn(&mut Vec<protocol::OfferedTrack>)| {
        let mut offer = offer(1, &offer_of("chromium"));
        change(&mut offer.tracks);
        offer
    };
    let cases = [
        // the camera on an audio m-line, on a receiving one, and twice
        wrong(|tracks| tracks[1].mid = "0".to_owned()),
        wrong(|tracks| tracks[1].mid = "8".to_owned()),
        wrong(|tracks| tracks[2].source = tracks[1].source),
    ];
    for case in cases {
        let refused = room.offer(&peer("a"), case).await;
        assert!(
            matches!(refused, Err(MediaError::BadOffer(_))),
            "{refused:?}"
        );
    }
    let unknown = room
        .offer(&peer("b"), offer(1, &offer_of("chromium")))
        .await;
    assert!(matches!(unknown, Err(MediaError::UnknownPeer)));
}

#[test]
fn each_fault_of_an_offer_has_its_error() {
    let sdp = offer_of("chromium");
    let faults: [(String, SdpError); 8] = [
        ("hello".into(), SdpError::Syntax(String::new())),
        (String::new(), SdpError::Syntax(String::new())),
        (sdp.replace("a=mid:3\r\n", ""), SdpError::Mid(3)),
        (
            sdp.replace("a=mid:3\r\n", "a=mid:2\r\n"),
            SdpError::DuplicateMid("2".into()),
        ),
        (sdp.replace("a=rtcp-mux\r\n", ""), SdpError::NothingUsable),
        (
            sdp.replace("a=ice-pwd:", "a=ice-pwd:?"),
            SdpError::IceCredentials,
        ),
        (sdp.replace("sha-256", "sha-1"), SdpError::Fingerprint),
        (sdp.replace("actpass", "passive"), SdpError::Setup),
    ];
    for (offer, expected) in faults {
        let error = ClientOffer::parse(&offer).err().unwrap();
        let same = std::mem::discriminant(&error) == std::mem::discriminant(&expected);
        assert!(same, "{error:?} instead of {expected:?}");
    }
    let long = format!("{sdp}{}", "a=x\r\n".repeat(200_000));
    assert!(matches!(
        ClientOffer::parse(&long),
        Err(SdpError::TooLong(_))
    ));
    let many = format!("{sdp}{}", "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n".repeat(100));
    assert!(matches!(
        ClientOffer::parse(&many),
        Err(SdpError::TooManySections(_))
    ));
}

#[tokio::test]
async fn m_lines_that_cannot_be_used_are_rejected_in_their_place() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    let sdp = offer_of("chromium").replace(" 15 16\r\n", " 15 16 data\r\n");
    let sdp = format!(
        "{sdp}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n\
         a=mid:data\r\na=sctp-port:5000\r\n"
    );
    // a stopped transceiver, and one that does without a codec of ours
    let sdp = sdp
        .replacen("m=audio 9", "m=audio 0", 1)
        .replacen("VP8/90000", "VP7/90000", 1);
    let mut request = offer(1, &sdp);
    request.tracks = tracks().split_off(1);
    let answer = room.offer(&peer("a"), request).await.unwrap();
    let ports: Vec<&str> = answer
        .lines()
        .filter_map(|line| line.strip_prefix("m="))
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(ports.len(), 18);
    assert_eq!((ports[0], ports[17]), ("0", "0"));
    assert!(ports[1..17].iter().all(|port| *port == "9"));
    let group = answer
        .lines()
        .find(|line| line.starts_with("a=group"))
        .unwrap();
    assert_eq!(
        group,
        "a=group:BUNDLE 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"
    );
    assert!(!answer.contains("VP7"));
    assert_eq!(by_mid(&answer, "a=candidate:").len(), 1);
    assert!(by_mid(&answer, "a=candidate:").contains_key("1"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever a client sends, the answer is a value or an error.
    #[test]
    fn damaged_offers_never_panic(
        browser in 0..3_usize,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<char>(), 0..4_u8), 1..8),
    ) {
        let mut lines: Vec<String> = offer_of(BROWSERS[browser]).split("\r\n").map(str::to_owned).collect();
        for (at, letter, kind) in edits {
            let line = at.index(lines.len());
            match kind {
                0 => { lines.remove(line); }
                1 => { let copy = lines[line].clone(); lines.insert(line, copy); }
                2 => { lines[line] = letter.to_string(); }
                _ => {
                    let place = at.index(lines[line].chars().count() + 1);
                    let mut text: Vec<char> = lines[line].chars().collect();
                    text.insert(place, letter);
                    lines[line] = text.into_iter().collect();
                }
            }
        }
        let _either = ClientOffer::parse(&lines.join("\r\n"));
    }

    #[test]
    fn any_text_is_an_offer_or_an_error(text in "\\PC{0,300}") {
        let _either = ClientOffer::parse(&text);
    }
}
