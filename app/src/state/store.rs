//! The engine's model, cut into signals that change on their own.
//!
//! One place writes them ([`Store::apply`]), everything else reads. A signal
//! is set only when its part of the model changed, so a level that moves
//! twenty times a second re-renders a meter and nothing else.

use std::sync::Arc;

use client::model::{Asked, Device, Devices, Input, Model, Notice, Phase, Room, ScreenShare};
use leptos::prelude::*;
use protocol::{DisplayName, Participant, PeerId, Recording, RoomSettings, TrackRef, Waiting, You};

use super::{
    line::{self, Line},
    person::Person,
};

/// The meeting as signals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Store {
    /// The engine runs: before that, nothing is known of the devices.
    pub(crate) started: RwSignal<bool>,
    pub(crate) phase: RwSignal<Phase>,
    pub(crate) me: RwSignal<Option<PeerId>>,
    /// Oneself with one's rights, once joined.
    pub(crate) you: RwSignal<Option<You>>,
    /// What moderators asked to switch on and was not answered yet.
    pub(crate) asked: RwSignal<Vec<Asked>>,
    /// What holds for the whole room.
    pub(crate) settings: RwSignal<RoomSettings>,
    /// How many viewers there are.
    pub(crate) audience: RwSignal<u32>,
    /// The viewers; known to moderators only.
    pub(crate) viewers: RwSignal<Vec<Participant>>,
    /// Who waits to be let in; known to moderators only.
    pub(crate) waiting: RwSignal<Vec<Waiting>>,
    /// The language that is listened to; none is the original.
    pub(crate) language: RwSignal<Option<String>>,
    /// The original is silent while a language is listened to.
    pub(crate) original_muted: RwSignal<bool>,
    /// The recording of the room, if there is one.
    pub(crate) recording: RwSignal<Option<Recording>>,
    /// Everybody on stage, in the order of joining; set when somebody comes or goes.
    pub(crate) people: RwSignal<Vec<Arc<Person>>>,
    /// Who speaks, loudest first.
    pub(crate) speakers: RwSignal<Vec<PeerId>>,
    pub(crate) chat: RwSignal<Vec<Arc<Line>>>,
    pub(crate) unread: RwSignal<u32>,
    /// Tracks of others with a picture.
    pub(crate) videos: RwSignal<Vec<TrackRef>>,
    /// Rises whenever a stream may have been replaced by another one.
    pub(crate) streams: RwSignal<u32>,
    pub(crate) notices: RwSignal<Vec<Notice>>,
    pub(crate) audio_blocked: RwSignal<bool>,
    pub(crate) cameras: RwSignal<Vec<Device>>,
    pub(crate) microphones: RwSignal<Vec<Device>>,
    pub(crate) speaker_devices: RwSignal<Vec<Device>>,
    pub(crate) camera: RwSignal<Input>,
    pub(crate) microphone: RwSignal<Input>,
    pub(crate) speaker: RwSignal<Option<String>>,
    pub(crate) screen: RwSignal<ScreenShare>,
    /// Loudness of the own microphone, 0 to 100.
    pub(crate) level: RwSignal<u8>,
    pub(crate) speaking_while_muted: RwSignal<bool>,
    pub(crate) display_name: RwSignal<DisplayName>,
    pub(crate) can_share: RwSignal<bool>,
}

impl Store {
    /// An empty meeting, the same on the server and before the engine starts.
    pub(crate) fn new() -> Self {
        let model = Model::default();
        Self {
            started: RwSignal::new(false),
            phase: RwSignal::new(model.phase),
            me: RwSignal::new(model.me),
            you: RwSignal::new(model.you),
            asked: RwSignal::new(Vec::new()),
            settings: RwSignal::new(model.room.settings),
            audience: RwSignal::new(0),
            viewers: RwSignal::new(Vec::new()),
            waiting: RwSignal::new(Vec::new()),
            language: RwSignal::new(None),
            original_muted: RwSignal::new(false),
            recording: RwSignal::new(None),
            people: RwSignal::new(Vec::new()),
            speakers: RwSignal::new(Vec::new()),
            chat: RwSignal::new(Vec::new()),
            unread: RwSignal::new(0),
            videos: RwSignal::new(Vec::new()),
            streams: RwSignal::new(0),
            notices: RwSignal::new(Vec::new()),
            audio_blocked: RwSignal::new(false),
            cameras: RwSignal::new(Vec::new()),
            microphones: RwSignal::new(Vec::new()),
            speaker_devices: RwSignal::new(Vec::new()),
            camera: RwSignal::new(model.devices.camera),
            microphone: RwSignal::new(model.devices.microphone),
            speaker: RwSignal::new(None),
            screen: RwSignal::new(model.devices.screen),
            level: RwSignal::new(0),
            speaking_while_muted: RwSignal::new(false),
            display_name: RwSignal::new(model.devices.display_name),
            can_share: RwSignal::new(false),
        }
    }

    /// Takes the model over: sets what changed, leaves the rest alone.
    pub(crate) fn apply(self, model: &Model) {
        sync(self.started, &true);
        sync(self.me, &model.me);
        sync(self.you, &model.you);
        sync(self.asked, &model.asked);
        self.apply_people(model);
        self.apply_room(&model.room);
        let streams_may_differ = self.apply_devices(&model.devices);
        let phase_changed = sync(self.phase, &model.phase);
        if sync(self.videos, &model.room.videos) || streams_may_differ || phase_changed {
            self.streams.update(|count| *count = count.wrapping_add(1));
        }
        sync(self.notices, &model.notices);
        sync(self.audio_blocked, &model.audio_blocked);
    }

    /// The participant with an id.
    pub(crate) fn person(self, id: &PeerId) -> Option<Arc<Person>> {
        self.people
            .with_untracked(|people| people.iter().find(|person| person.id == *id).cloned())
    }

    fn apply_people(self, model: &Model) {
        let participants = &model.room.participants;
        let unchanged = self.people.with_untracked(|people| {
            people.len() == participants.len()
                && people
                    .iter()
                    .zip(participants)
                    .all(|(a, b)| is_same(a, b, model))
        });
        if !unchanged {
            let people = participants
                .iter()
                .map(|participant| self.kept_or_new(participant, model))
                .collect();
            self.people.set(people);
        }
        self.people.with_untracked(|people| {
            for (person, participant) in people.iter().zip(participants) {
                person.apply(participant, &model.room);
            }
        });
    }

    fn kept_or_new(self, participant: &Participant, model: &Model) -> Arc<Person> {
        self.person(&participant.id)
            .filter(|person| is_same(person, participant, model))
            .unwrap_or_else(|| Person::new(participant, model.me.as_ref() == Some(&participant.id)))
    }

    fn apply_room(self, room: &Room) {
        sync(self.settings, &room.settings);
        sync(self.audience, &room.audience);
        sync(self.viewers, &room.viewers);
        sync(self.waiting, &room.waiting);
        sync(self.language, &room.language);
        sync(self.original_muted, &room.original_muted);
        sync(self.recording, &room.recording);
        sync(self.speakers, &room.speakers);
        sync(self.unread, &room.unread);
        let chat = self
            .chat
            .with_untracked(|lines| match line::same_lines(lines, &room.chat) {
                true => None,
                false => Some(line::merge(lines, &room.chat)),
            });
        if let Some(chat) = chat {
            self.chat.set(chat);
        }
    }

    /// Returns whether the own pictures may have changed.
    fn apply_devices(self, devices: &Devices) -> bool {
        sync(self.cameras, &devices.cameras);
        sync(self.microphones, &devices.microphones);
        sync(self.speaker_devices, &devices.speakers);
        sync(self.speaker, &devices.speaker);
        sync(self.microphone, &devices.microphone);
        sync(self.level, &devices.level);
        sync(self.speaking_while_muted, &devices.speaking_while_muted);
        sync(self.display_name, &devices.display_name);
        sync(self.can_share, &devices.can_share);
        let camera = sync(self.camera, &devices.camera);
        let screen = sync(self.screen, &devices.screen);
        camera || screen
    }
}

fn is_same(person: &Person, participant: &Participant, model: &Model) -> bool {
    person.id == participant.id && person.me == (model.me.as_ref() == Some(&participant.id))
}

/// Sets a signal if its value differs; says whether it did.
fn sync<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) -> bool {
    let differs = signal.with_untracked(|old| old != value);
    if differs {
        signal.set(value.clone());
    }
    differs
}
