//! Interpretation: which language is listened to, and how loud everybody is.

use protocol::{ClientMessage, Role, RoomSettings, TrackRef};

use super::{Session, link::Request};
use crate::model::Room;

/// How loud an original is under its translation, in percent.
const UNDER: u8 = 20;
const FULL: u8 = 100;

#[derive(Debug, Default)]
pub(super) struct Languages {
    /// What the participant chose; listened to while somebody speaks it.
    wanted: Option<String>,
    /// What the server was told last; none is unknown.
    told: Option<Option<String>>,
}

impl Languages {
    pub(super) fn want(&mut self, language: Option<String>) {
        self.wanted = language.filter(|language| !language.is_empty());
    }

    /// A new seat listens to the original.
    pub(super) fn joined(&mut self) {
        self.told = Some(None);
    }

    /// Nobody knows what the server was told.
    pub(super) fn unanswered(&mut self) {
        self.told = None;
    }

    /// The server has no such language: back to the original, of which it has
    /// to be told unless that was refused.
    pub(super) fn refused(&mut self, original: bool) {
        self.wanted = None;
        self.told = original.then_some(None);
    }

    /// A language that nobody speaks any more gives way to the original for
    /// good. After a restart of the server, interpreters come back by and by.
    pub(super) fn settings_changed(&mut self, before: &RoomSettings, now: &RoomSettings) {
        let ended = |language: &String| {
            before.languages.contains(language) && !now.languages.contains(language)
        };
        self.wanted.take_if(|language| ended(language));
    }

    /// What is listened to now.
    fn language(&self, room: &Room) -> Option<String> {
        let spoken = |language: &&String| room.settings.languages.contains(language);
        self.wanted.as_ref().filter(spoken).cloned()
    }
}

impl Session {
    pub(super) fn show_language(&mut self) {
        self.model.room.language = self.languages.language(&self.model.room);
    }

    pub(super) fn tell_language(&mut self) {
        let language = self.languages.language(&self.model.room);
        if self.languages.told.as_ref() != Some(&language) {
            self.languages.told = Some(language.clone());
            let request = Request::Language {
                original: language.is_none(),
            };
            self.send(ClientMessage::SetLanguage { language }, request);
        }
    }

    /// How loud an audio slot is played, in percent, by whom it carries. Until
    /// that is known it counts as an original: its sound may come first.
    #[must_use]
    pub fn volume(&self, slot: &str) -> u8 {
        let devices = &self.model.devices;
        if devices.silenced {
            return 0;
        }
        let track = self.slots.track_in(slot);
        let own = track.map_or_else(|| self.original(), |track| self.volume_of(track));
        devices.volume.of(own)
    }

    fn original(&self) -> u8 {
        match self.model.room.language {
            None => FULL,
            Some(_) if self.model.room.original_muted => 0,
            Some(_) => UNDER,
        }
    }

    fn volume_of(&self, track: &TrackRef) -> u8 {
        let room = &self.model.room;
        let mut people = room.participants.iter();
        let interpreter = people.find(|one| one.id == track.peer && one.role == Role::Interpreter);
        match interpreter.and_then(|one| one.language.as_ref()) {
            None => self.original(),
            Some(speaks) if room.language.as_ref() == Some(speaks) => FULL,
            // what was listened to a moment ago
            Some(_) => 0,
        }
    }
}
