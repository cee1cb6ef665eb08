//! Whatever happens in a room, each client that puts its snapshot and its
//! events together knows what the room knows.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use proptest::prelude::*;
use protocol::{
    ChatMessage, DisplayName, MediaState, Participant, PeerId, RoomEvent, RoomId, ServerMessage,
    Snapshot, Source,
};
use server::{
    clock::{Now, UnixMillis},
    db::StoredRoom,
    limits::RoomLimits,
    room::{
        Audience, Command, Effect, Join, Request, Resume, RoomState, SeatId, SessionId, WelcomeTo,
    },
};

const PEOPLE: u8 = 4;

/// Something that happens to one of a few people.
#[derive(Debug, Clone, Copy)]
enum Step {
    Join(u8),
    Lose(u8),
    Resume(u8),
    Leave(u8),
    Switch(u8, bool),
    Rename(u8, u8),
    Write(u8, u8),
    Store(bool),
    Wait(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..PEOPLE;
    let step = prop_oneof![
        4 => who().prop_map(Step::Join),
        3 => who().prop_map(Step::Lose),
        3 => who().prop_map(Step::Resume),
        1 => who().prop_map(Step::Leave),
        3 => (who(), any::<bool>()).prop_map(|(who, on)| Step::Switch(who, on)),
        2 => (who(), 0..3_u8).prop_map(|(who, name)| Step::Rename(who, name)),
        3 => (who(), 0..5_u8).prop_map(|(who, text)| Step::Write(who, text)),
        3 => prop::bool::weighted(0.8).prop_map(Step::Store),
        2 => (0..20_000_u16).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..120)
}

/// What one client knows.
#[derive(Debug, Clone)]
struct Known {
    seat: SeatId,
    last: u64,
    people: BTreeMap<PeerId, Participant>,
    chat: Vec<ChatMessage>,
}

impl Known {
    fn new(seat: SeatId, snapshot: &Snapshot) -> Self {
        let people = snapshot.participants.iter().cloned();
        Self {
            seat,
            last: snapshot.last_event,
            people: people.map(|person| (person.id.clone(), person)).collect(),
            chat: snapshot.chat.clone(),
        }
    }

    fn learn(&mut self, n: u64, event: RoomEvent) {
        assert_eq!(n, self.last + 1, "an event is missing or comes twice");
        self.last = n;
        match event {
            RoomEvent::Joined { participant } => {
                let known = self.people.insert(participant.id.clone(), participant);
                assert_eq!(known, None, "somebody joined twice");
            }
            RoomEvent::Left { peer } => {
                assert!(self.people.remove(&peer).is_some(), "a stranger left");
            }
            RoomEvent::MediaChanged { peer, media } => self.person(&peer).media = media,
            RoomEvent::Renamed { peer, display_name } => {
                self.person(&peer).display_name = display_name;
            }
            RoomEvent::ConnectedChanged { peer, connected } => {
                let was = std::mem::replace(&mut self.person(&peer).connected, connected);
                assert_ne!(was, connected, "nothing changed");
            }
            RoomEvent::Chat { message } => self.chat.push(message),
        }
    }

    fn person(&mut self, peer: &PeerId) -> &mut Participant {
        self.people.get_mut(peer).expect("somebody who is known")
    }
}

/// The room, the clients, and the clock.
struct World {
    room: RoomState,
    now: Now,
    sessions: u64,
    /// What connected clients know, by their session.
    here: HashMap<SessionId, Known>,
    /// Which session each person has.
    session_of: HashMap<u8, SessionId>,
    /// What people know whose socket is lost.
    away: HashMap<u8, Known>,
    storing: bool,
}

impl World {
    fn new() -> Self {
        let stored = StoredRoom {
            created_at: UnixMillis::new(0),
            chat: Vec::new(),
        };
        let limits = RoomLimits {
            events: 12,
            ..RoomLimits::default()
        };
        let id = RoomId::parse("room").expect("a room id");
        Self {
            room: RoomState::new(id, stored, limits),
            now: Now {
                instant: Instant::now(),
                unix: UnixMillis::new(0),
            },
            sessions: 0,
            here: HashMap::new(),
            session_of: HashMap::new(),
            away: HashMap::new(),
            storing: false,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Join(who) => self.join(who),
            Step::Resume(who) => self.resume(who),
            Step::Lose(who) => {
                if let Some(session) = self.session_of.remove(&who) {
                    let known = self.here.remove(&session);
                    self.away.insert(who, known.expect("a client"));
                    self.apply(Command::Detach(session));
                }
            }
            Step::Leave(who) => self.ask(who, Request::Leave),
            Step::Switch(who, on) => self.ask(who, Request::SetMedia(Source::Camera, on)),
            Step::Rename(who, name) => {
                let name = DisplayName::from(format!("name {name}"));
                self.ask(who, Request::SetDisplayName(name));
            }
            Step::Write(who, text) => {
                let (text, nonce) = (format!("text {text}"), format!("{text}"));
                self.ask(who, Request::Chat { text, nonce });
            }
            Step::Store(true) if self.storing => self.apply(Command::ChatStored),
            Step::Store(false) if self.storing => self.apply(Command::ChatFailed),
            Step::Store(_) => {}
            Step::Wait(millis) => {
                self.now.instant += Duration::from_millis(millis.into());
                self.apply(Command::Tick);
            }
        }
    }

    fn join(&mut self, who: u8) {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        self.away.remove(&who);
        self.session_of.insert(who, session);
        self.apply(Command::Join(Join {
            session,
            re: 1,
            seat: SeatId(self.sessions),
            peer: peer(who),
            display_name: DisplayName::default(),
            media: MediaState::default(),
        }));
    }

    fn resume(&mut self, who: u8) {
        let Some(known) = self.away.remove(&who) else {
            return;
        };
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let (seat, last_event) = (known.seat, known.last);
        self.here.insert(session, known);
        self.session_of.insert(who, session);
        self.apply(Command::Resume(Resume {
            session,
            re: 1,
            seat,
            peer: peer(who),
            last_event,
        }));
    }

    fn ask(&mut self, who: u8, request: Request) {
        if let Some(&session) = self.session_of.get(&who) {
            self.apply(Command::Request {
                session,
                re: 1,
                request,
            });
        }
    }

    fn apply(&mut self, command: Command) {
        if matches!(command, Command::ChatStored | Command::ChatFailed) {
            self.storing = false;
        }
        for effect in self.room.apply(command, self.now) {
            self.take(effect);
        }
    }

    fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Welcome(welcome) => self.welcome(*welcome),
            Effect::Replay { session, events } => {
                let known = self.here.get_mut(&session).expect("a client");
                events
                    .into_iter()
                    .for_each(|(n, event)| known.learn(n, event));
            }
            Effect::Broadcast {
                to,
                message: ServerMessage::Event { n, event },
            } => {
                let told = self.here.iter_mut();
                told.filter(|(session, _)| to != Audience::AllBut(**session))
                    .for_each(|(_, known)| known.learn(n, event.clone()));
            }
            Effect::End { session, .. } => {
                self.here.remove(&session);
                self.session_of.retain(|_, one| *one != session);
            }
            Effect::StoreChat(_) => {
                assert!(!self.storing, "two messages are stored at once");
                self.storing = true;
            }
            _ => {}
        }
    }

    fn welcome(&mut self, welcome: WelcomeTo) {
        if let Some(snapshot) = welcome.snapshot {
            let known = Known::new(welcome.seat, &snapshot);
            self.here.insert(welcome.session, known);
        }
    }

    /// Everybody who is connected knows what a newcomer is told.
    fn check(&mut self) {
        self.join(PEOPLE);
        let session = self.session_of.remove(&PEOPLE).expect("the newcomer");
        let truth = self.here.remove(&session).expect("a client");
        for known in self.here.values() {
            assert_eq!(known.last, truth.last);
            assert_eq!(known.people, truth.people);
            assert_eq!(known.chat, truth.chat);
        }
        let ids: Vec<u64> = truth.chat.iter().map(|message| message.id).collect();
        assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<u64>>());
    }
}

fn peer(who: u8) -> PeerId {
    PeerId::parse(&format!("peer-{who}")).expect("a participant id")
}

proptest! {
    // a failure that is found is written down as a test of its own
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_know_what_the_room_knows(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.check();
    }
}
