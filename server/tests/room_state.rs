//! What a room does, on a clock that the test turns by hand.

use std::time::{Duration, Instant};

use media::MediaEvent;
use protocol::{
    DisplayName, ErrorCode, MediaState, Offer, PeerId, Quality, QualityScore, RoomEvent, RoomId,
    ServerMessage, Snapshot, Source, WireError,
};
use server::{
    clock::{Now, UnixMillis},
    db::StoredRoom,
    limits::RoomLimits,
    room::{
        Audience, Command, Effect, Join, OfferDone, Request, Resume, RoomState, SeatId, SessionId,
        WelcomeTo,
    },
};

/// A room and a clock.
struct Room {
    state: RoomState,
    now: Now,
}

impl Room {
    fn new() -> Self {
        Self::with(RoomLimits::default())
    }

    fn with(limits: RoomLimits) -> Self {
        let stored = StoredRoom {
            created_at: UnixMillis::new(1_000),
            chat: Vec::new(),
        };
        let id = RoomId::parse("room").expect("a room id");
        Self {
            state: RoomState::new(id, stored, limits),
            now: Now {
                instant: Instant::now(),
                unix: UnixMillis::new(5_000),
            },
        }
    }

    fn apply(&mut self, command: Command) -> Vec<Effect> {
        self.state.apply(command, self.now)
    }

    /// Lets time pass as the room's task does: from deadline to deadline.
    fn pass(&mut self, time: Duration) -> Vec<Effect> {
        let end = self.now.instant + time;
        let mut effects = Vec::new();
        while let Some(deadline) = self.state.deadline().filter(|at| *at <= end) {
            self.now.instant = deadline;
            effects.extend(self.apply(Command::Tick));
        }
        self.now.instant = end;
        effects
    }

    fn join(&mut self, session: u64, peer: &str) -> Vec<Effect> {
        self.apply(Command::Join(Join {
            session: SessionId(session),
            re: 1,
            seat: SeatId(session * 100),
            peer: id(peer),
            display_name: DisplayName::from(peer),
            media: MediaState::default(),
        }))
    }

    /// `seat` is that of the session that joined.
    fn resume(&mut self, session: u64, joined_as: u64, peer: &str, last: u64) -> Vec<Effect> {
        self.apply(Command::Resume(Resume {
            session: SessionId(session),
            re: 1,
            seat: SeatId(joined_as * 100),
            peer: id(peer),
            last_event: last,
        }))
    }

    fn ask(&mut self, session: u64, re: u32, request: Request) -> Vec<Effect> {
        self.apply(Command::Request {
            session: SessionId(session),
            re,
            request,
        })
    }

    fn detach(&mut self, session: u64) {
        let effects = self.apply(Command::Detach(SessionId(session)));
        assert_eq!(effects, []);
    }

    fn say(&mut self, session: u64, re: u32, text: &str) -> Vec<Effect> {
        let nonce = format!("nonce of {text}");
        let text = text.to_owned();
        self.ask(session, re, Request::Chat { text, nonce })
    }

    /// The snapshot that a newcomer gets.
    fn snapshot(&mut self) -> Snapshot {
        let effects = self.join(99, "onlooker");
        welcome(&effects).snapshot.clone().expect("a snapshot")
    }
}

fn id(peer: &str) -> PeerId {
    PeerId::parse(peer).expect("a participant id")
}

fn welcome(effects: &[Effect]) -> &WelcomeTo {
    let mut welcomes = effects.iter().filter_map(|effect| match effect {
        Effect::Welcome(welcome) => Some(welcome),
        _ => None,
    });
    welcomes.next().expect("a welcome")
}

fn events(effects: &[Effect]) -> Vec<(u64, RoomEvent)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Broadcast {
                message: ServerMessage::Event { n, event },
                ..
            } => Some((*n, event.clone())),
            _ => None,
        })
        .collect()
}

fn replies(effects: &[Effect], to: u64) -> Vec<(Option<u32>, ServerMessage)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send {
                session,
                re,
                message,
            } if *session == SessionId(to) => Some((*re, message.clone())),
            _ => None,
        })
        .collect()
}

fn error_code(effects: &[Effect], to: u64) -> Option<ErrorCode> {
    replies(effects, to)
        .into_iter()
        .find_map(|(_, message)| match message {
            ServerMessage::Error(error) => Some(error.code),
            _ => None,
        })
}

fn ended_codes(effects: &[Effect], whose: u64) -> Vec<Option<ErrorCode>> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::End { session, ended } if *session == SessionId(whose) => {
                Some(ended.as_ref().map(|ended| ended.code))
            }
            _ => None,
        })
        .collect()
}

fn offer(negotiation: u32) -> Request {
    Request::Offer(Offer {
        negotiation,
        connection: 1,
        sdp: format!("offer {negotiation}"),
        tracks: Vec::new(),
    })
}

#[test]
fn newcomer_learns_all_and_the_others_learn_of_them() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.join(2, "bob");

    let snapshot = welcome(&effects).snapshot.clone().expect("a snapshot");
    let names: Vec<&str> = snapshot
        .participants
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(names, ["ada", "bob"]);
    assert_eq!(snapshot.created_at, 1_000);
    assert_eq!(snapshot.last_event, 2, "the own arrival is contained");
    let joined = effects.iter().find_map(|effect| match effect {
        Effect::Broadcast { to, message } => Some((*to, message.clone())),
        _ => None,
    });
    let (to, message) = joined.expect("the others are told");
    assert_eq!(to, Audience::AllBut(SessionId(2)));
    assert!(matches!(
        message,
        ServerMessage::Event { n: 2, event: RoomEvent::Joined { participant } }
            if participant.id == id("bob") && participant.joined_at == 5_000
    ));
    assert!(effects.contains(&Effect::AddMedia(id("bob"))));
}

#[test]
fn participants_stand_in_the_order_of_joining() {
    let mut room = Room::new();
    for (session, peer) in ["zoe", "ada", "mia", "bob", "eva"].iter().enumerate() {
        room.join(session as u64, peer);
    }
    let snapshot = room.snapshot();
    let names: Vec<&str> = snapshot
        .participants
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(names, ["zoe", "ada", "mia", "bob", "eva", "onlooker"]);
}

#[test]
fn leaver_is_gone_at_once_and_the_room_is_over_with_the_last() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    let effects = room.ask(1, 7, Request::Leave);
    assert_eq!(events(&effects), [(3, RoomEvent::Left { peer: id("ada") })]);
    assert_eq!(replies(&effects, 1), [(Some(7), ServerMessage::Ok)]);
    assert_eq!(ended_codes(&effects, 1), [None]);
    assert!(effects.contains(&Effect::RemoveMedia(id("ada"))));
    assert!(!room.state.is_over());
    room.ask(2, 8, Request::Leave);
    assert!(room.state.is_over());
    assert_eq!(room.state.deadline(), None);
}

#[test]
fn events_grow_by_one_and_nothing_is_told_when_nothing_changes() {
    let mut room = Room::new();
    room.join(1, "ada");
    let on = room.ask(1, 2, Request::SetMedia(Source::Camera, true));
    let again = room.ask(1, 3, Request::SetMedia(Source::Camera, true));
    let name = room.ask(1, 4, Request::SetDisplayName(DisplayName::from("Ada")));
    let same = room.ask(1, 5, Request::SetDisplayName(DisplayName::from("Ada")));
    let media = MediaState::default().with(Source::Camera, true);
    let changed = RoomEvent::MediaChanged {
        peer: id("ada"),
        media,
    };
    assert_eq!(events(&on), [(2, changed)]);
    assert_eq!(events(&again), []);
    assert_eq!(replies(&again, 1), [(Some(3), ServerMessage::Ok)]);
    let display_name = DisplayName::from("Ada");
    let renamed = RoomEvent::Renamed {
        peer: id("ada"),
        display_name,
    };
    assert_eq!(events(&name), [(3, renamed)]);
    assert_eq!(events(&same), []);
}

#[test]
fn short_loss_of_the_socket_is_told_to_nobody() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    assert_eq!(room.pass(Duration::from_millis(1_999)), []);
    let effects = room.resume(3, 1, "ada", 2);
    assert_eq!(events(&effects), []);
    assert!(welcome(&effects).resumed);
    assert_eq!(room.pass(Duration::from_secs(600)), []);
}

#[test]
fn longer_loss_is_told_and_so_is_the_return() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    let lost = room.pass(Duration::from_secs(2));
    let peer = id("ada");
    let connected = false;
    let event = RoomEvent::ConnectedChanged { peer, connected };
    assert_eq!(events(&lost), [(3, event)]);
    assert!(!room.snapshot().participants[0].connected);

    let effects = room.resume(3, 1, "ada", 4);
    let peer = id("ada");
    let connected = true;
    let event = RoomEvent::ConnectedChanged { peer, connected };
    assert_eq!(events(&effects), [(5, event)]);
    assert!(effects.contains(&Effect::RefreshMedia(id("ada"))));
}

#[test]
fn seat_is_kept_for_thirty_seconds_and_not_longer() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    let kept = room.pass(Duration::from_millis(29_999));
    assert!(!kept.contains(&Effect::RemoveMedia(id("ada"))));
    let gone = room.pass(Duration::from_millis(1));
    assert_eq!(events(&gone), [(4, RoomEvent::Left { peer: id("ada") })]);
    assert!(gone.contains(&Effect::RemoveMedia(id("ada"))));

    let effects = room.resume(3, 1, "ada", 2);
    assert_eq!(error_code(&effects, 3), Some(ErrorCode::SeatGone));
    assert_eq!(ended_codes(&effects, 3), [None]);
}

#[test]
fn returner_gets_each_missed_event_once_and_in_order() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    room.ask(2, 1, Request::SetMedia(Source::Camera, true));
    room.ask(2, 2, Request::SetMedia(Source::Camera, false));
    let effects = room.resume(3, 1, "ada", 2);
    let to = welcome(&effects);
    assert!(to.resumed && to.snapshot.is_none());
    let replayed = effects.iter().find_map(|effect| match effect {
        Effect::Replay { session, events } => Some((*session, events)),
        _ => None,
    });
    let (session, missed) = replayed.expect("events are replayed");
    assert_eq!(session, SessionId(3));
    let numbers: Vec<u64> = missed.iter().map(|(n, _)| *n).collect();
    assert_eq!(numbers, [3, 4]);
}

#[test]
fn returner_who_missed_nothing_gets_nothing() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.detach(1);
    let effects = room.resume(2, 1, "ada", 1);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Replay { .. })));
    assert!(welcome(&effects).snapshot.is_none());
}

#[test]
fn returner_who_missed_too_much_gets_a_snapshot() {
    let mut room = Room::with(RoomLimits {
        events: 10,
        ..RoomLimits::default()
    });
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    for n in 0..11 {
        room.ask(2, n, Request::SetMedia(Source::Camera, n % 2 == 0));
    }
    let just = room.resume(3, 1, "ada", 3);
    assert!(welcome(&just).snapshot.is_none(), "ten missed, ten kept");
    let too_old = room.resume(4, 1, "ada", 2);
    let to = welcome(&too_old);
    assert!(to.resumed);
    assert_eq!(to.snapshot.as_ref().map(|s| s.last_event), Some(13));
}

#[test]
fn own_return_is_contained_in_the_snapshot_and_not_told_twice() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.detach(1);
    room.pass(Duration::from_secs(3));
    let effects = room.resume(2, 1, "ada", 1_000);
    let snapshot = welcome(&effects).snapshot.as_ref().expect("a snapshot");
    assert_eq!(snapshot.last_event, 3);
    assert!(snapshot.participants[0].connected);
    let told = effects.iter().find_map(|effect| match effect {
        Effect::Broadcast { to, .. } => Some(*to),
        _ => None,
    });
    assert_eq!(told, Some(Audience::AllBut(SessionId(2))));
}

#[test]
fn returner_with_a_number_from_the_future_gets_a_snapshot() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.resume(2, 1, "ada", 1_000);
    assert!(welcome(&effects).snapshot.is_some());
}

#[test]
fn returner_takes_over_from_their_own_dying_socket() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.resume(2, 1, "ada", 1);
    assert_eq!(ended_codes(&effects, 1), [Some(ErrorCode::Replaced)]);
    // the old socket's end comes late and means nothing
    room.detach(1);
    assert_eq!(room.state.deadline(), None);
    let answer = room.ask(2, 5, Request::SetMedia(Source::Camera, true));
    assert_eq!(replies(&answer, 2), [(Some(5), ServerMessage::Ok)]);
}

#[test]
fn second_join_with_the_same_id_replaces_the_first() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    let effects = room.join(3, "ada");
    assert_eq!(ended_codes(&effects, 1), [Some(ErrorCode::Replaced)]);
    let kinds: Vec<RoomEvent> = events(&effects).into_iter().map(|(_, e)| e).collect();
    assert_eq!(kinds[0], RoomEvent::Left { peer: id("ada") });
    assert!(matches!(&kinds[1], RoomEvent::Joined { participant } if participant.id == id("ada")));
    // the media connection of the first is nothing to the second
    let media: Vec<&Effect> = effects
        .iter()
        .filter(|e| matches!(e, Effect::AddMedia(_) | Effect::RemoveMedia(_)))
        .collect();
    let ada = id("ada");
    assert_eq!(
        media,
        [&Effect::RemoveMedia(ada.clone()), &Effect::AddMedia(ada)]
    );
    assert_eq!(room.state.seats(), 2);
}

#[test]
fn replaced_session_does_not_come_back_by_its_ticket() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "ada");
    let effects = room.resume(3, 1, "ada", 1);
    assert_eq!(error_code(&effects, 3), Some(ErrorCode::Replaced));
    assert_eq!(ended_codes(&effects, 2), [], "the second is not disturbed");
}

#[test]
fn what_a_replaced_session_still_asks_for_is_ignored() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "ada");
    assert_eq!(room.ask(1, 9, Request::Leave), []);
    assert_eq!(room.state.seats(), 1);
}

#[test]
fn chat_is_told_only_once_it_is_stored() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.say(1, 5, "hello");
    let [Effect::StoreChat(message)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!((message.id, message.sent_at), (1, 5_000));
    let message = message.clone();
    let effects = room.apply(Command::ChatStored);
    assert_eq!(events(&effects), [(2, RoomEvent::Chat { message })]);
    assert_eq!(replies(&effects, 1), [(Some(5), ServerMessage::Ok)]);
}

#[test]
fn chat_is_stored_one_by_one_and_in_order() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "one");
    assert_eq!(room.say(1, 2, "two"), []);
    assert_eq!(room.say(1, 3, "three"), []);
    for (re, next) in [(1, Some("two")), (2, Some("three")), (3, None)] {
        let effects = room.apply(Command::ChatStored);
        assert_eq!(replies(&effects, 1), [(Some(re), ServerMessage::Ok)]);
        let stores = effects.iter().find_map(|effect| match effect {
            Effect::StoreChat(message) => Some(message.text.as_str()),
            _ => None,
        });
        assert_eq!(stores, next);
    }
    let ids: Vec<u64> = room.snapshot().chat.iter().map(|m| m.id).collect();
    assert_eq!(ids, [1, 2, 3]);
}

#[test]
fn chat_that_cannot_be_stored_is_refused_and_its_number_is_used_again() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "lost");
    room.say(1, 2, "kept");
    let effects = room.apply(Command::ChatFailed);
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::Internal));
    assert_eq!(events(&effects), []);
    room.apply(Command::ChatStored);
    let chat = room.snapshot().chat;
    assert_eq!((chat[0].id, chat[0].text.as_str()), (1, "kept"));
}

#[test]
fn repeated_nonce_is_written_once_and_answered_each_time() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "hello");
    // the client came back and does not know whether it arrived
    room.resume(2, 1, "ada", 1);
    assert_eq!(room.say(2, 1, "hello"), []);
    let effects = room.apply(Command::ChatStored);
    assert_eq!(replies(&effects, 2), [(Some(1), ServerMessage::Ok)]);
    let effects = room.say(2, 2, "hello");
    assert_eq!(
        effects,
        [Effect::Send {
            session: SessionId(2),
            re: Some(2),
            message: ServerMessage::Ok,
        }]
    );
    assert_eq!(room.snapshot().chat.len(), 1);
}

#[test]
fn same_nonce_of_two_people_is_two_messages() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.say(1, 1, "hello");
    room.apply(Command::ChatStored);
    room.say(2, 1, "hello");
    room.apply(Command::ChatStored);
    assert_eq!(room.snapshot().chat.len(), 2);
}

#[test]
fn chat_text_has_bounds() {
    let mut room = Room::new();
    room.join(1, "ada");
    for text in ["", "  \n ", &"é".repeat(4_001)] {
        let effects = room.say(1, 1, text);
        assert_eq!(error_code(&effects, 1), Some(ErrorCode::ChatText));
    }
    let longest = "é".repeat(4_000);
    let nonce = "n".repeat(65);
    let text = longest.clone();
    let effects = room.ask(1, 1, Request::Chat { text, nonce });
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::BadMessage));
    let (text, nonce) = (longest, "n".to_owned());
    let effects = room.ask(1, 1, Request::Chat { text, nonce });
    assert!(matches!(effects.as_slice(), [Effect::StoreChat(_)]));
}

#[test]
fn chat_that_piles_up_is_refused() {
    let mut room = Room::with(RoomLimits {
        chat_pending: 2,
        ..RoomLimits::default()
    });
    room.join(1, "ada");
    room.say(1, 1, "one");
    room.say(1, 2, "two");
    let effects = room.say(1, 3, "three");
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::RateLimited));
}

#[test]
fn oldest_chat_goes_when_there_is_too_much() {
    let mut room = Room::with(RoomLimits {
        chat_messages: 3,
        chat_bytes: 10,
        ..RoomLimits::default()
    });
    room.join(1, "ada");
    for text in ["a", "b", "c", "d"] {
        room.say(1, 1, text);
        room.apply(Command::ChatStored);
    }
    room.say(1, 1, "123456789");
    room.apply(Command::ChatStored);
    let chat = room.snapshot().chat;
    let texts: Vec<&str> = chat.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(texts, ["d", "123456789"]);
    assert_eq!(chat[1].id, 5);
}

#[test]
fn room_is_not_over_while_chat_is_being_stored() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.say(1, 1, "bye");
    room.ask(1, 2, Request::Leave);
    assert!(!room.state.is_over());
    room.apply(Command::ChatStored);
    assert!(room.state.is_over());
}

#[test]
fn offers_of_one_participant_are_answered_in_order() {
    let mut room = Room::new();
    room.join(1, "ada");
    assert_eq!(room.ask(1, 11, offer(1)).len(), 1);
    assert_eq!(room.ask(1, 12, offer(2)), []);
    let done = |answer| {
        Command::OfferDone(OfferDone {
            peer: id("ada"),
            seat: SeatId(100),
            answer,
        })
    };
    let effects = room.apply(done(Ok("answer".to_owned())));
    let answer = ServerMessage::Answer {
        negotiation: 1,
        connection: 1,
        sdp: "answer".to_owned(),
    };
    assert_eq!(replies(&effects, 1), [(Some(11), answer)]);
    assert!(matches!(&effects[1], Effect::Offer { offer, .. } if offer.negotiation == 2));
    let error = WireError::new(ErrorCode::BadOffer, "no");
    let effects = room.apply(done(Err(error)));
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::BadOffer));
    assert_eq!(effects.len(), 1);
}

#[test]
fn offers_that_pile_up_are_refused() {
    let mut room = Room::new();
    room.join(1, "ada");
    for n in 1..=4 {
        assert_eq!(error_code(&room.ask(1, n, offer(n)), 1), None);
    }
    let effects = room.ask(1, 5, offer(5));
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::RateLimited));
}

#[test]
fn answer_for_a_seat_that_was_replaced_reaches_nobody() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.ask(1, 1, offer(1));
    room.join(2, "ada");
    let effects = room.apply(Command::OfferDone(OfferDone {
        peer: id("ada"),
        seat: SeatId(100),
        answer: Ok("answer".to_owned()),
    }));
    assert_eq!(effects, []);
}

#[test]
fn media_that_cannot_be_had_ends_the_session_and_the_seat() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.apply(Command::MediaRefused(id("ada")));
    assert_eq!(
        ended_codes(&effects, 1),
        [Some(ErrorCode::MediaUnavailable)]
    );
    assert!(room.state.is_over());
}

#[test]
fn speakers_and_quality_are_told_once_and_kept_for_newcomers() {
    let mut room = Room::new();
    room.join(1, "ada");
    let speakers = || MediaEvent::Speakers {
        peers: vec![id("ada"), id("stranger")],
    };
    let told = room.apply(Command::Media(speakers()));
    let peers = vec![id("ada")];
    let known = ServerMessage::Speakers { peers };
    assert_eq!(
        told,
        [Effect::Broadcast {
            to: Audience::All,
            message: known.clone()
        }]
    );
    assert_eq!(room.apply(Command::Media(speakers())), []);

    let changes = vec![Quality {
        peer: id("ada"),
        score: QualityScore::Fair,
    }];
    let quality = MediaEvent::Quality {
        changes: changes.clone(),
    };
    assert_eq!(room.apply(Command::Media(quality.clone())).len(), 1);
    assert_eq!(room.apply(Command::Media(quality)), []);

    let effects = room.join(2, "bob");
    let quality = ServerMessage::Quality { changes };
    assert_eq!(replies(&effects, 2), [(None, known), (None, quality)]);
    room.ask(1, 1, Request::Leave);
    let effects = room.join(3, "eva");
    let none = ServerMessage::Speakers { peers: Vec::new() };
    assert_eq!(
        replies(&effects, 3),
        [(None, none)],
        "who left is forgotten"
    );
}

#[test]
fn lost_media_connection_shows_as_lost_quality() {
    let mut room = Room::new();
    room.join(1, "ada");
    let connection = |connected| {
        Command::Media(MediaEvent::Connection {
            peer: id("ada"),
            connected,
        })
    };
    assert_eq!(room.apply(connection(true)), []);
    let effects = room.apply(connection(false));
    let changes = vec![Quality {
        peer: id("ada"),
        score: QualityScore::Lost,
    }];
    let message = ServerMessage::Quality { changes };
    assert_eq!(
        effects,
        [Effect::Broadcast {
            to: Audience::All,
            message
        }]
    );
}

#[test]
fn slots_go_to_their_participant_alone_and_wait_for_nobody() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    let slots = |peer: &str| {
        Command::Media(MediaEvent::SlotsAssigned {
            peer: id(peer),
            slots: Vec::new(),
        })
    };
    let effects = room.apply(slots("bob"));
    assert!(matches!(
        effects.as_slice(),
        [Effect::Send {
            session: SessionId(2),
            ..
        }]
    ));
    room.detach(2);
    assert_eq!(room.apply(slots("bob")), []);
}

#[test]
fn ten_thousand_seats_leave_nothing_behind() {
    let mut room = Room::new();
    for n in 0..10_000 {
        let peer = format!("peer-{n}");
        room.join(n, &peer);
        room.ask(n, 1, offer(1));
        let connected = false;
        room.apply(Command::Media(MediaEvent::Connection {
            peer: id(&peer),
            connected,
        }));
        if n % 2 == 0 {
            room.ask(n, 2, Request::Leave);
        } else {
            room.detach(n);
            room.pass(Duration::from_secs(31));
        }
        assert!(room.state.is_over());
    }
    let effects = room.join(1, "ada");
    assert_eq!(replies(&effects, 1).len(), 1, "no quality of anybody");
    assert_eq!(
        welcome(&effects)
            .snapshot
            .as_ref()
            .map(|s| s.participants.len()),
        Some(1)
    );
}
