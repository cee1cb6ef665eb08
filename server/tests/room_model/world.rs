//! The room, its clients, its media plane, and the clock.

use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, Instant},
};

use protocol::{
    DisplayName, ErrorCode, MediaState, PeerId, Role, RoomEvent, RoomId, ServerMessage, Source,
};
use server::{
    clock::{Now, UnixMillis},
    db::StoredRoom,
    limits::RoomLimits,
    room::{
        Audience, Claims, Command, Effect, Granted, Join, Request, Resume, RoomState, SeatId,
        SessionId, WelcomeTo,
    },
};

use crate::{
    PEOPLE, Step,
    known::Known,
    people::{claims, moderation, peer, who},
};

/// The room, the clients, and the clock.
pub(crate) struct World {
    room: RoomState,
    now: Now,
    sessions: u64,
    /// What connected clients know, by their session.
    here: HashMap<SessionId, Known>,
    /// What they know who come back and are not welcomed yet.
    outside: HashMap<SessionId, Known>,
    /// Which session each person has, with a seat or without.
    session_of: HashMap<u8, SessionId>,
    /// Who waits to be let in.
    waiting: HashMap<SessionId, u8>,
    /// What people know whose socket is lost.
    away: HashMap<u8, Known>,
    /// The last ticket of each person.
    tickets: HashMap<u8, Granted>,
    /// What the media plane forwards.
    forwarded: HashMap<PeerId, MediaState>,
    storing: bool,
    somebody_joined: bool,
}

impl World {
    pub(crate) fn new() -> Self {
        let stored = StoredRoom {
            created_at: UnixMillis::new(0),
            chat: Vec::new(),
            decisions: None,
            plan: None,
        };
        let limits = RoomLimits {
            events: 12,
            admitted_at_once: 2,
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
            outside: HashMap::new(),
            session_of: HashMap::new(),
            waiting: HashMap::new(),
            away: HashMap::new(),
            tickets: HashMap::new(),
            forwarded: HashMap::new(),
            storing: false,
            somebody_joined: false,
        }
    }

    pub(crate) fn step(&mut self, step: Step) {
        self.somebody_joined = false;
        match step {
            Step::Join { who, media, ticket } => {
                let granted = self.tickets.get(&who).copied().filter(|_| ticket);
                self.join(who, media, claims(who), granted);
            }
            Step::Resume(who) => self.resume(who),
            Step::Lose(who) => self.lose(who),
            Step::Leave(who) => self.ask(who, Request::Leave),
            Step::Switch(who, source, on) => self.ask(who, Request::SetMedia(source, on)),
            Step::Rename(who, name) => {
                let name = DisplayName::from(format!("name {name}"));
                self.ask(who, Request::SetDisplayName(name));
            }
            Step::Hand(who, raised) => self.ask(who, Request::SetHand(raised)),
            Step::Write(who, text) => {
                let (text, nonce) = (format!("text {text}"), format!("{text}"));
                self.ask(who, Request::Chat { text, nonce });
            }
            Step::Store(true) if self.storing => self.apply(Command::ChatStored),
            Step::Store(false) if self.storing => self.apply(Command::ChatFailed),
            Step::Store(_) => {}
            Step::Wait(millis) => self.wait(Duration::from_millis(millis.into())),
            Step::Moderate { who, what, whom } => {
                self.ask(who, Request::Moderate(moderation(what, whom)));
            }
        }
        self.check_limits();
    }

    fn join(&mut self, who: u8, media: bool, claims: Claims, granted: Option<Granted>) {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        if let Some(old) = self.session_of.insert(who, session) {
            // whether it is replaced is the room's business; it is not used
            self.here.remove(&old);
            self.waiting.remove(&old);
            self.apply(Command::Detach(old));
        }
        let on = MediaState {
            microphone: media,
            camera: media,
            ..MediaState::default()
        };
        self.apply(Command::Join(Box::new(Join {
            session,
            re: 1,
            seat: SeatId(self.sessions),
            peer: peer(who),
            display_name: DisplayName::default(),
            media: on,
            claims,
            granted,
        })));
    }

    fn lose(&mut self, who: u8) {
        let Some(session) = self.session_of.remove(&who) else {
            return;
        };
        self.waiting.remove(&session);
        if let Some(known) = self.here.remove(&session) {
            self.away.insert(who, known);
        }
        self.apply(Command::Detach(session));
    }

    fn resume(&mut self, who: u8) {
        let Some(known) = self.away.remove(&who).filter(|_| !self.is_here(who)) else {
            return;
        };
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let (seat, last_event) = (known.seat, known.last);
        self.outside.insert(session, known);
        self.session_of.insert(who, session);
        self.apply(Command::Resume(Resume {
            session,
            re: 1,
            seat,
            peer: peer(who),
            last_event,
        }));
        self.outside.clear();
    }

    fn is_here(&self, who: u8) -> bool {
        self.session_of.contains_key(&who)
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

    /// Lets time pass as the room's task does: from deadline to deadline.
    fn wait(&mut self, time: Duration) {
        let end = self.now.instant + time;
        while let Some(deadline) = self.room.deadline().filter(|at| *at <= end) {
            self.now.instant = deadline;
            self.apply(Command::Tick);
        }
        self.now.instant = end;
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
            Effect::Waiting(told) => {
                let mut people = self.session_of.iter();
                let (who, _) = people
                    .find(|(_, one)| **one == told.session)
                    .expect("a person");
                self.waiting.insert(told.session, *who);
            }
            Effect::Welcome(welcome) => self.welcome(*welcome),
            Effect::You(you) => {
                let known = self.here.get_mut(&you.session).expect("a client");
                self.tickets
                    .insert(who(&you.you.participant.id), you.granted);
                known.you = you.you;
            }
            Effect::Replay { session, events } => {
                let known = self.here.get_mut(&session).expect("a client");
                let events = events.into_iter();
                events.for_each(|(n, event)| known.learn(n, event));
            }
            Effect::Broadcast { to, message } => self.broadcast(to, &message),
            Effect::Send {
                session, message, ..
            } => self.send(session, message),
            Effect::End { session, .. } => {
                self.here.remove(&session);
                self.waiting.remove(&session);
                self.session_of.retain(|_, one| *one != session);
            }
            Effect::StoreChat(_) => {
                assert!(!self.storing, "two messages are stored at once");
                self.storing = true;
            }
            Effect::AddMedia(peer) => {
                let before = self.forwarded.insert(peer, MediaState::default());
                assert_eq!(before, None, "somebody is in the media plane twice");
            }
            Effect::SetSources(peer, media) => {
                let known = self.forwarded.insert(peer, media);
                assert!(known.is_some_and(|known| known != media));
            }
            Effect::RemoveMedia(peer) => {
                assert!(self.forwarded.remove(&peer).is_some());
            }
            _ => {}
        }
    }

    fn broadcast(&mut self, to: Audience, message: &ServerMessage) {
        if let ServerMessage::Event { event, .. } = message {
            self.somebody_joined |= matches!(event, RoomEvent::Joined { .. });
        }
        let told = self.here.iter_mut();
        let told = told.filter(|(session, _)| to != Audience::AllBut(**session));
        for (_, known) in told {
            match message.clone() {
                ServerMessage::Event { n, event } => known.learn(n, event),
                other => known.hear(other),
            }
        }
    }

    fn send(&mut self, session: SessionId, message: ServerMessage) {
        if let Some(known) = self.here.get_mut(&session) {
            let only = matches!(message, ServerMessage::Lobby { reset: false, .. })
                || matches!(message, ServerMessage::Viewers { reset: false, .. });
            assert!(!only || known.you.participant.role == Role::Moderator);
            known.hear(message);
        } else {
            let error = |code| matches!(&message, ServerMessage::Error(e) if e.code == code);
            let outside = error(ErrorCode::NotAdmitted);
            let last = [
                ErrorCode::Rejected,
                ErrorCode::RoomLocked,
                ErrorCode::RoomFull,
                ErrorCode::SeatGone,
                ErrorCode::Replaced,
                // chat that could not be stored, of somebody who is lost by now
                ErrorCode::Internal,
            ];
            let leaves = message == ServerMessage::Ok;
            assert!(
                outside || leaves || last.into_iter().any(error),
                "{message:?}"
            );
        }
    }

    fn welcome(&mut self, welcome: WelcomeTo) {
        let session = welcome.session;
        self.waiting.remove(&session);
        self.tickets.insert(who(&welcome.peer), welcome.granted);
        let again = self.outside.remove(&session);
        let known = match &welcome.snapshot {
            Some(snapshot) => Known::new(&welcome, snapshot),
            None => again.expect("somebody who comes back"),
        };
        self.here.insert(session, known);
        let known = self.here.get_mut(&session).expect("a client");
        known.you = welcome.you;
    }

    /// Nobody comes to a place that is not there.
    fn check_limits(&self) {
        let settings = self.room.inspect().settings;
        let on_stage = self.room.inspect().on_stage;
        let limit = usize::try_from(settings.max_watchers).expect("a small number");
        assert!(!self.somebody_joined || limit == 0 || on_stage <= limit);
    }

    /// Everybody who is connected knows what a newcomer is told, and what the
    /// room says is what the media plane does.
    pub(crate) fn check(&mut self) {
        self.wait(Duration::from_secs(2));
        let viewer = Claims {
            role: Role::Viewer,
            ..Claims::default()
        };
        let granted = Granted {
            role: Role::Viewer,
            meeting: 0,
            admitted: true,
            ..Granted::default()
        };
        self.join(PEOPLE, true, viewer, Some(granted));
        self.wait(Duration::from_secs(2));
        let session = self.session_of.remove(&PEOPLE).expect("the newcomer");
        let truth = self.here.remove(&session).expect("a client");
        for known in self.here.values() {
            self.check_client(known, &truth);
        }
        let ids: Vec<u64> = truth.chat.iter().map(|message| message.id).collect();
        assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<u64>>());
        self.check_media(&truth);
    }

    fn check_client(&self, known: &Known, truth: &Known) {
        assert_eq!(known.last, truth.last);
        assert_eq!(known.people, truth.people);
        assert_eq!(known.settings, truth.settings);
        assert_eq!(known.chat, truth.chat);
        assert_eq!(known.viewers, truth.viewers);
        let own = &known.you.participant;
        let role = truth
            .people
            .get(&own.id)
            .map_or(Role::Viewer, |one| one.role);
        assert_eq!(own.role, role, "what they were told of themselves");
        if role == Role::Moderator {
            let waiting: BTreeSet<PeerId> = self.waiting.values().map(|one| peer(*one)).collect();
            assert_eq!(known.waiting, waiting);
            assert_eq!(known.watching.len(), truth.viewers as usize);
        } else {
            assert!(known.waiting.is_empty() && known.watching.is_empty());
        }
    }

    /// What is off is not forwarded, what may not be on is off, and who is not
    /// on stage has nothing on.
    fn check_media(&self, truth: &Known) {
        for (peer, media) in &self.forwarded {
            let shown = truth.people.get(peer);
            let on = shown.map_or_else(MediaState::default, |person| person.media);
            assert_eq!(*media, on, "{peer:?}");
        }
        for person in truth.people.values() {
            for source in [Source::Microphone, Source::Camera, Source::Screen] {
                let on = person.media.is_on(source);
                assert!(!on || person.allowed.allows(source), "{person:?}");
            }
            let sees = person.media.camera || person.media.screen;
            assert!(person.role != Role::Interpreter || !sees);
        }
    }
}
