//! A room without a server, on a clock that the test turns by hand.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use std::time::{Duration, Instant};

use protocol::{
    DisplayName, ErrorCode, MediaState, Moderation, PeerId, Role, RoomEvent, RoomId, ServerMessage,
    Snapshot, Source,
};
use server::{
    clock::{Now, UnixMillis},
    db::StoredRoom,
    limits::RoomLimits,
    room::{
        Claims, Command, Effect, Join, Request, Resume, RoomState, SeatId, SessionId, WelcomeTo,
        YouTo,
    },
};

/// A room and a clock.
pub struct Room {
    pub state: RoomState,
    pub now: Now,
}

impl Room {
    pub fn new() -> Self {
        Self::with(RoomLimits::default())
    }

    pub fn with(limits: RoomLimits) -> Self {
        let stored = StoredRoom {
            created_at: UnixMillis::new(1_000),
            chat: Vec::new(),
            decisions: None,
            plan: None,
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

    pub fn apply(&mut self, command: Command) -> Vec<Effect> {
        self.state.apply(command, self.now)
    }

    /// Lets time pass as the room's task does: from deadline to deadline.
    pub fn pass(&mut self, time: Duration) -> Vec<Effect> {
        let end = self.now.instant + time;
        let mut effects = Vec::new();
        while let Some(deadline) = self.state.deadline().filter(|at| *at <= end) {
            self.now.instant = deadline;
            effects.extend(self.apply(Command::Tick));
        }
        self.now.instant = end;
        effects
    }

    pub fn join(&mut self, session: u64, peer: &str) -> Vec<Effect> {
        self.join_as(session, peer, Claims::default())
    }

    pub fn join_as(&mut self, session: u64, peer: &str, claims: Claims) -> Vec<Effect> {
        self.come(Join {
            claims,
            ..join(session, peer)
        })
    }

    pub fn come(&mut self, join: Join) -> Vec<Effect> {
        self.apply(Command::Join(Box::new(join)))
    }

    /// `seat` is that of the session that joined.
    pub fn resume(&mut self, session: u64, joined_as: u64, peer: &str, last: u64) -> Vec<Effect> {
        self.apply(Command::Resume(Resume {
            session: SessionId(session),
            re: 1,
            seat: SeatId(joined_as * 100),
            peer: id(peer),
            last_event: last,
        }))
    }

    pub fn ask(&mut self, session: u64, re: u32, request: Request) -> Vec<Effect> {
        self.apply(Command::Request {
            session: SessionId(session),
            re,
            request,
        })
    }

    /// Does what moderators do, with 77 as the id of the frame.
    pub fn moderate(&mut self, session: u64, moderation: Moderation) -> Vec<Effect> {
        self.ask(session, 77, Request::Moderate(moderation))
    }

    /// The same, which has to be answered by `ok`.
    pub fn done(&mut self, session: u64, moderation: Moderation) -> Vec<Effect> {
        let effects = self.moderate(session, moderation);
        let ok = (Some(77), ServerMessage::Ok);
        assert!(replies(&effects, session).contains(&ok), "{effects:?}");
        effects
    }

    pub fn switch(&mut self, session: u64, source: Source, on: bool) -> Vec<Effect> {
        self.ask(session, 78, Request::SetMedia(source, on))
    }

    pub fn detach(&mut self, session: u64) {
        let effects = self.apply(Command::Detach(SessionId(session)));
        assert_eq!(effects, []);
    }

    pub fn say(&mut self, session: u64, re: u32, text: &str) -> Vec<Effect> {
        let nonce = format!("nonce of {text}");
        let text = text.to_owned();
        self.ask(session, re, Request::Chat { text, nonce })
    }

    /// The snapshot that a newcomer gets.
    pub fn snapshot(&mut self) -> Snapshot {
        let effects = self.join(99, "onlooker");
        welcome(&effects).snapshot.clone().expect("a snapshot")
    }
}

pub fn id(peer: &str) -> PeerId {
    PeerId::parse(peer).expect("a participant id")
}

pub fn welcome(effects: &[Effect]) -> &WelcomeTo {
    let mut welcomes = effects.iter().filter_map(|effect| match effect {
        Effect::Welcome(welcome) => Some(welcome),
        _ => None,
    });
    welcomes.next().expect("a welcome")
}

pub fn events(effects: &[Effect]) -> Vec<(u64, RoomEvent)> {
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

pub fn replies(effects: &[Effect], to: u64) -> Vec<(Option<u32>, ServerMessage)> {
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

/// Whether somebody is told to wait.
pub fn is_told_to_wait(effects: &[Effect], who: u64) -> bool {
    let to = SessionId(who);
    let waits = |effect: &Effect| matches!(effect, Effect::Waiting(told) if told.session == to);
    effects.iter().any(waits)
}

pub fn error_code(effects: &[Effect], to: u64) -> Option<ErrorCode> {
    replies(effects, to)
        .into_iter()
        .find_map(|(_, message)| match message {
            ServerMessage::Error(error) => Some(error.code),
            _ => None,
        })
}

pub fn ended_codes(effects: &[Effect], whose: u64) -> Vec<Option<ErrorCode>> {
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

/// What one session is told, but for replies.
pub fn told(effects: &[Effect], to: u64) -> Vec<ServerMessage> {
    let told = replies(effects, to).into_iter();
    told.filter(|(re, _)| re.is_none())
        .map(|(_, message)| message)
        .collect()
}

/// What a session is told about itself.
pub fn yous(effects: &[Effect], to: u64) -> Vec<YouTo> {
    let yous = effects.iter().filter_map(|effect| match effect {
        Effect::You(you) if you.session == SessionId(to) => Some((**you).clone()),
        _ => None,
    });
    yous.collect()
}

/// The room events without their numbers.
pub fn happened(effects: &[Effect]) -> Vec<RoomEvent> {
    events(effects)
        .into_iter()
        .map(|(_, event)| event)
        .collect()
}

/// What the media plane is to forward of somebody, if it is told.
pub fn sources(effects: &[Effect], peer: &str) -> Option<MediaState> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::SetSources(of, media) if *of == id(peer) => Some(*media),
        _ => None,
    })
}

/// Somebody who comes on a plain address.
pub fn join(session: u64, peer: &str) -> Join {
    Join {
        session: SessionId(session),
        re: 1,
        seat: SeatId(session * 100),
        peer: id(peer),
        display_name: DisplayName::from(peer),
        media: MediaState::default(),
        claims: Claims::default(),
        granted: None,
    }
}

pub fn moderator() -> Claims {
    role(Role::Moderator)
}

pub fn viewer() -> Claims {
    role(Role::Viewer)
}

pub fn role(role: Role) -> Claims {
    Claims {
        role,
        ..Claims::default()
    }
}

/// A camera and a microphone.
pub fn both() -> MediaState {
    MediaState {
        microphone: true,
        camera: true,
        ..MediaState::default()
    }
}
