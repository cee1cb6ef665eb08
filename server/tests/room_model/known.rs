//! What one client knows, by what it was told.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    ChatMessage, Participant, PeerId, Role, RoomEvent, RoomSettings, ServerMessage, Snapshot,
    Source, You,
};
use server::room::{SeatId, WelcomeTo};

/// What one client knows.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) seat: SeatId,
    pub(crate) last: u64,
    pub(crate) people: BTreeMap<PeerId, Participant>,
    pub(crate) settings: RoomSettings,
    pub(crate) chat: Vec<ChatMessage>,
    pub(crate) viewers: u32,
    pub(crate) you: You,
    /// What moderators are told.
    pub(crate) waiting: BTreeSet<PeerId>,
    pub(crate) watching: BTreeMap<PeerId, Participant>,
}

impl Known {
    pub(crate) fn new(welcome: &WelcomeTo, snapshot: &Snapshot) -> Self {
        let people = snapshot.participants.iter().cloned();
        Self {
            seat: welcome.seat,
            last: snapshot.last_event,
            people: people.map(|person| (person.id.clone(), person)).collect(),
            settings: snapshot.settings.clone(),
            chat: snapshot.chat.clone(),
            viewers: snapshot.viewers,
            you: welcome.you.clone(),
            waiting: BTreeSet::new(),
            watching: BTreeMap::new(),
        }
    }

    pub(crate) fn hear(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Audience { count } => self.viewers = count,
            ServerMessage::Lobby {
                reset,
                waiting,
                gone,
            } => {
                if reset {
                    self.waiting.clear();
                }
                self.waiting.extend(waiting.into_iter().map(|one| one.id));
                self.waiting.retain(|peer| !gone.contains(peer));
            }
            ServerMessage::Viewers {
                reset,
                viewers,
                gone,
            } => {
                if reset {
                    self.watching.clear();
                }
                let viewers = viewers.into_iter().map(|one| (one.id.clone(), one));
                self.watching.extend(viewers);
                self.watching.retain(|peer, _| !gone.contains(peer));
            }
            _ => {}
        }
    }

    pub(crate) fn learn(&mut self, n: u64, event: RoomEvent) {
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
            RoomEvent::MediaChanged { peer, media } => {
                let was = std::mem::replace(&mut self.person(&peer).media, media);
                assert_ne!(was, media, "nothing changed");
            }
            RoomEvent::Renamed { peer, display_name } => {
                self.person(&peer).display_name = display_name;
            }
            RoomEvent::ConnectedChanged { peer, connected } => {
                let was = std::mem::replace(&mut self.person(&peer).connected, connected);
                assert_ne!(was, connected, "nothing changed");
            }
            RoomEvent::RoleChanged {
                peer,
                role,
                allowed,
                language,
            } => {
                let person = self.person(&peer);
                let was = (person.role, person.allowed, person.language.clone());
                let now = (role, allowed, language);
                assert_ne!(was, now, "nothing changed");
                (person.role, person.allowed, person.language) = now;
            }
            RoomEvent::HandChanged { peer, raised_at } => {
                let was = std::mem::replace(&mut self.person(&peer).hand_raised_at, raised_at);
                assert_ne!(was, raised_at, "nothing changed");
            }
            RoomEvent::SettingsChanged { settings } => self.settings_changed(settings),
            RoomEvent::RecordingChanged { .. } => panic!("nobody records here"),
            RoomEvent::Chat { message } => self.chat.push(message),
            RoomEvent::ChatCleared => self.chat.clear(),
        }
    }

    /// Where what is allowed to all changed, each who is no moderator follows.
    fn settings_changed(&mut self, settings: RoomSettings) {
        assert_ne!(self.settings, settings, "nothing changed");
        for source in [Source::Microphone, Source::Camera, Source::Screen] {
            let allowed = settings.allowed.allows(source);
            if self.settings.allowed.allows(source) != allowed {
                let people = self.people.values_mut();
                people
                    .filter(|person| person.role != Role::Moderator)
                    .for_each(|person| person.allowed = person.allowed.with(source, allowed));
            }
        }
        self.settings = settings;
    }

    fn person(&mut self, peer: &PeerId) -> &mut Participant {
        self.people.get_mut(peer).expect("somebody who is known")
    }
}
