//! What the participant is and may do, as the server says.
//!
//! The server decides and is never surprised; this keeps the devices in line
//! with it, so that a light is off when nobody may see the picture.

use protocol::{
    Allowed, DisplayName, ErrorCode, MediaState, NoRecording, OffReason, PeerId, Role, RoomEvent,
    Source, WireError, You,
};

use super::{Session, people::follow};
use crate::{
    Moment,
    model::{Asked, NoticeKind, Refusal, ScreenShare},
};

const SWITCHES: [Source; 3] = [Source::Microphone, Source::Camera, Source::Screen];

impl Session {
    /// What the participant is; before the welcome, what the page was told.
    pub(super) fn role(&self) -> Role {
        let you = self.model.you.as_ref();
        you.map_or(self.config.role, |you| you.participant.role)
    }

    /// Which sources may be on.
    pub(super) fn allowed(&self) -> Allowed {
        let you = self.model.you.as_ref();
        let allowed = you.map_or(Allowed::ALL, |you| you.participant.allowed);
        match self.role() {
            Role::Moderator => Allowed::ALL,
            Role::Viewer => Allowed::NONE,
            // a voice, and nothing to see
            Role::Interpreter => Allowed {
                microphone: allowed.microphone,
                ..Allowed::NONE
            },
            Role::Participant => allowed,
        }
    }

    /// Whether a source may be switched on; in the meeting a no is told.
    pub(super) fn may(&mut self, source: Source) -> bool {
        let may = self.allowed().allows(source);
        if !may && self.model.you.is_some() {
            self.refuse_source(source, ErrorCode::Forbidden);
        }
        may
    }

    /// Tells that something was refused; the same is told once until it is seen.
    pub(super) fn refuse(&mut self, code: ErrorCode) {
        self.note(code, None);
        self.tell_once(NoticeKind::Refused(code));
    }

    fn refuse_source(&mut self, source: Source, code: ErrorCode) {
        self.note(code, Some(source));
        self.tell_once(NoticeKind::Refused(code));
    }

    /// Writes down that something was refused, which nobody has to see.
    pub(super) fn note(&mut self, code: ErrorCode, source: Option<Source>) {
        self.model.refusals.add(Refusal { code, source });
    }

    fn tell_once(&mut self, kind: NoticeKind) {
        if self.model.notices.iter().all(|notice| notice.kind != kind) {
            self.notify(kind);
        }
    }

    /// Tells that what was asked for was refused, and of a recording also why.
    pub(super) fn refuse_wish(&mut self, error: &WireError) {
        if error.code != ErrorCode::RecordingUnavailable {
            return self.refuse(error.code);
        }
        let why = error.details.as_ref().and_then(|told| told.no_recording);
        self.note(error.code, None);
        self.tell_once(NoticeKind::NotRecorded(why.unwrap_or(NoRecording::Unknown)));
    }

    /// Oneself, as the server has it now.
    pub(super) fn take_you(&mut self, you: You) {
        let before = self.standing();
        self.model.you = Some(you);
        self.was(before);
    }

    /// Role and rights, once the server has told them.
    fn standing(&self) -> Option<(Role, Allowed)> {
        let known = self.model.you.is_some();
        known.then(|| (self.role(), self.allowed()))
    }

    /// What an event says about oneself.
    pub(super) fn mirror(&mut self, event: &RoomEvent) {
        let before = self.standing();
        let settings = &self.model.room.settings;
        let Some(you) = &mut self.model.you else {
            return;
        };
        let myself = &mut you.participant;
        match event {
            RoomEvent::RoleChanged {
                peer,
                role,
                allowed,
                language,
            } if *peer == myself.id => {
                (myself.role, myself.allowed) = (*role, *allowed);
                myself.language.clone_from(language);
            }
            RoomEvent::HandChanged { peer, raised_at } if *peer == myself.id => {
                myself.hand_raised_at = *raised_at;
            }
            RoomEvent::MediaChanged { peer, media } if *peer == myself.id => myself.media = *media,
            RoomEvent::Renamed { peer, display_name } if *peer == myself.id => {
                myself.display_name.clone_from(display_name);
            }
            RoomEvent::SettingsChanged { settings: now } => {
                follow(myself, settings.allowed, now.allowed);
            }
            _ => {}
        }
        self.was(before);
    }

    /// What follows when role and rights are others than before.
    fn was(&mut self, before: Option<(Role, Allowed)>) {
        let (role, allowed) = (self.role(), self.allowed());
        if role != Role::Moderator {
            self.forget_lobby();
        }
        let Some((role_before, allowed_before)) = before else {
            return;
        };
        if role != role_before {
            self.lobby_is_new();
            self.notify(NoticeKind::RoleChanged(role));
        }
        let withdrawn = |source| allowed_before.allows(source) && !allowed.allows(source);
        self.model.asked.retain(|asked| !withdrawn(asked.source));
    }

    /// The server took a raised or lowered hand. Those on stage know it by the
    /// event before; nobody else is told of a viewer's.
    pub(super) fn hand_taken(&mut self, raised: bool, at: Moment) {
        let viewer = self.role() == Role::Viewer;
        if let Some(you) = self.model.you.as_mut().filter(|_| viewer) {
            let hand = &mut you.participant.hand_raised_at;
            *hand = raised.then(|| hand.unwrap_or(at.unix_ms));
        }
    }

    /// What the server was told to be on and says is off, is off. What it was
    /// not told yet, it will be.
    pub(super) fn take_media(&mut self, media: MediaState) {
        let told = |source| self.outgoing.has_told(source) && !media.is_on(source);
        let off: Vec<Source> = super::outgoing::SOURCES
            .into_iter()
            .filter(|source| told(*source))
            .collect();
        self.switch_off(&off);
    }

    pub(super) fn turned_off(
        &mut self,
        sources: Vec<Source>,
        reason: OffReason,
        by: Option<&PeerId>,
    ) {
        self.switch_off(&sources);
        let by = by.and_then(|peer| self.name_of(peer));
        self.notify(NoticeKind::TurnedOff(sources, reason, by));
    }

    /// The server refused to have a source on.
    pub(super) fn media_refused(&mut self, source: Source, code: ErrorCode) {
        self.switch_off(&[source]);
        // the screen's sound goes with the screen
        if source != Source::ScreenAudio {
            self.refuse_source(source, code);
        }
    }

    fn switch_off(&mut self, sources: &[Source]) {
        for source in sources {
            match source {
                Source::Camera | Source::Microphone => self.inputs.want(*source, false),
                Source::Screen => self.stop_screen(),
                Source::ScreenAudio => self.silence_screen(),
            }
        }
    }

    /// A moderator asks to switch something on.
    pub(super) fn asked(&mut self, source: Source, by: Option<PeerId>) {
        let source = match source {
            Source::ScreenAudio => Source::Screen,
            source => source,
        };
        let name = by.as_ref().and_then(|peer| self.name_of(peer));
        let display_name = name.unwrap_or_default();
        let asked = &mut self.model.asked;
        asked.retain(|asked| asked.source != source);
        asked.push(Asked {
            source,
            by,
            display_name,
        });
    }

    pub(super) fn answer_asked(&mut self, source: Source, yes: bool) {
        self.model.asked.retain(|asked| asked.source != source);
        if yes {
            self.switch_on(source);
        }
    }

    pub(super) fn switch_on(&mut self, source: Source) {
        if !self.may(source) {
            return;
        }
        match source {
            Source::Camera | Source::Microphone => self.inputs.want(source, true),
            Source::Screen | Source::ScreenAudio => self.pick_screen(),
        }
    }

    /// Ends a share that may not be, and forgets who asked for what is on.
    pub(super) fn reconcile_rights(&mut self) {
        if !self.allowed().screen {
            self.stop_screen();
        }
        let sharing = self.model.devices.screen != ScreenShare::Off;
        let inputs = &self.inputs;
        self.model.asked.retain(|asked| match asked.source {
            Source::Screen | Source::ScreenAudio => !sharing,
            source => !inputs.is_coming(source),
        });
    }

    fn name_of(&self, peer: &PeerId) -> Option<DisplayName> {
        let room = &self.model.room;
        let mut people = room.participants.iter().chain(&room.viewers);
        let known = people.find(|participant| participant.id == *peer);
        known.map(|participant| participant.display_name.clone())
    }
}

/// Which of somebody's sources are allowed after the room's rule changed: what
/// changed there counts for all who are no moderators.
pub(super) fn rule(role: Role, own: Allowed, before: Allowed, now: Allowed) -> Allowed {
    if !matches!(role, Role::Participant | Role::Interpreter) {
        return own;
    }
    SWITCHES.into_iter().fold(own, |own, source| {
        let changed = before.allows(source) != now.allows(source);
        let never = role == Role::Interpreter && source != Source::Microphone;
        if changed && !never {
            own.with(source, now.allows(source))
        } else {
            own
        }
    })
}
