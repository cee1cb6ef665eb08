//! What this participant may do, read from the store. For looks only: the
//! server decides again.

use leptos::prelude::*;
use protocol::{NoRecording, Role, Source};

use super::Store;

/// Whether a source may be switched on now, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum May {
    /// It may.
    Yes,
    /// Viewers have no devices, interpreters nothing to see: there is no button.
    NotInThisRole,
    /// Moderators forbade it.
    Forbidden,
}

impl Store {
    /// What this participant is; a plain participant before joining. Tracks.
    pub(crate) fn role(self) -> Role {
        self.you.with(|you| {
            you.as_ref()
                .map_or(Role::Participant, |you| you.participant.role)
        })
    }

    /// Whether this participant leads the meeting. Tracks.
    pub(crate) fn leads(self) -> bool {
        self.role() == Role::Moderator
    }

    /// Whether messages may be written. Tracks.
    pub(crate) fn may_chat(self) -> bool {
        self.you
            .with(|you| you.as_ref().is_some_and(|you| you.may_chat))
    }

    /// Whether a hand may be raised. Tracks.
    pub(crate) fn may_raise_hand(self) -> bool {
        self.you
            .with(|you| you.as_ref().is_some_and(|you| you.may_raise_hand))
    }

    /// Whether recordings may be started. Tracks.
    pub(crate) fn may_record(self) -> bool {
        self.you
            .with(|you| you.as_ref().is_some_and(|you| you.may_record))
    }

    /// Why this server would not record, as far as those know who may start
    /// recordings. Tracks.
    pub(crate) fn no_recording(self) -> Option<NoRecording> {
        self.you
            .with(|you| you.as_ref().and_then(|you| you.no_recording))
    }

    /// Since when the own hand is raised. Tracks.
    pub(crate) fn own_hand(self) -> Option<u64> {
        self.you
            .with(|you| you.as_ref().and_then(|you| you.participant.hand_raised_at))
    }

    /// Whether a source may be switched on. Tracks.
    pub(crate) fn may_use(self, source: Source) -> May {
        self.you.with(|you| {
            let Some(you) = you else { return May::Yes };
            may_use(
                you.participant.role,
                you.participant.allowed.allows(source),
                source,
            )
        })
    }
}

fn may_use(role: Role, allowed: bool, source: Source) -> May {
    match role {
        Role::Moderator => May::Yes,
        Role::Viewer => May::NotInThisRole,
        Role::Interpreter if source != Source::Microphone => May::NotInThisRole,
        Role::Participant | Role::Interpreter if allowed => May::Yes,
        Role::Participant | Role::Interpreter => May::Forbidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moderator_may_use_what_is_forbidden_to_others() {
        assert_eq!(may_use(Role::Moderator, false, Source::Camera), May::Yes);
        assert_eq!(
            may_use(Role::Participant, false, Source::Camera),
            May::Forbidden
        );
    }

    #[test]
    fn an_interpreter_has_a_microphone_and_nothing_to_see() {
        assert_eq!(
            may_use(Role::Interpreter, true, Source::Microphone),
            May::Yes
        );
        for source in [Source::Camera, Source::Screen] {
            for allowed in [true, false] {
                assert_eq!(
                    may_use(Role::Interpreter, allowed, source),
                    May::NotInThisRole
                );
            }
        }
    }

    #[test]
    fn a_viewer_has_no_devices() {
        for source in [Source::Microphone, Source::Camera, Source::Screen] {
            assert_eq!(may_use(Role::Viewer, true, source), May::NotInThisRole);
        }
    }
}
