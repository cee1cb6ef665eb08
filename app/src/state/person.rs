//! A participant as signals, so that a change of one touches one tile.

use std::sync::Arc;

use client::model::Room;
use leptos::prelude::*;
use protocol::{Allowed, DisplayName, MediaState, Participant, PeerId, QualityScore, Role};

/// Somebody in the room.
#[derive(Debug)]
pub(crate) struct Person {
    /// Who.
    pub(crate) id: PeerId,
    /// Oneself.
    pub(crate) me: bool,
    /// When they joined: milliseconds since 1970.
    pub(crate) joined_at: u64,
    /// The name; may be empty.
    pub(crate) name: ArcRwSignal<DisplayName>,
    /// What is on.
    pub(crate) media: ArcRwSignal<MediaState>,
    /// What they are in the room.
    pub(crate) role: ArcRwSignal<Role>,
    /// Which sources they may switch on.
    pub(crate) allowed: ArcRwSignal<Allowed>,
    /// Since when their hand is raised: milliseconds since 1970.
    pub(crate) hand: ArcRwSignal<Option<u64>>,
    /// The language that an interpreter speaks.
    pub(crate) language: ArcRwSignal<Option<String>>,
    /// Whether they speak now.
    pub(crate) speaking: ArcRwSignal<bool>,
    /// How good their connection is.
    pub(crate) quality: ArcRwSignal<QualityScore>,
}

impl Person {
    /// A participant as the room shows them.
    pub(super) fn new(participant: &Participant, me: bool) -> Arc<Self> {
        Arc::new(Self {
            id: participant.id.clone(),
            me,
            joined_at: participant.joined_at,
            name: ArcRwSignal::new(participant.display_name.clone()),
            media: ArcRwSignal::new(participant.media),
            role: ArcRwSignal::new(participant.role),
            allowed: ArcRwSignal::new(participant.allowed),
            hand: ArcRwSignal::new(participant.hand_raised_at),
            language: ArcRwSignal::new(participant.language.clone()),
            speaking: ArcRwSignal::new(false),
            quality: ArcRwSignal::new(QualityScore::Good),
        })
    }

    /// Takes over what changed.
    pub(super) fn apply(&self, participant: &Participant, room: &Room) {
        sync(&self.name, &participant.display_name);
        sync(&self.media, &participant.media);
        sync(&self.role, &participant.role);
        sync(&self.allowed, &participant.allowed);
        sync(&self.hand, &participant.hand_raised_at);
        sync(&self.language, &participant.language);
        sync(&self.speaking, &room.speakers.contains(&self.id));
        sync(&self.quality, &quality(participant, room));
    }
}

fn quality(participant: &Participant, room: &Room) -> QualityScore {
    if !participant.connected {
        return QualityScore::Lost;
    }
    room.quality
        .iter()
        .find(|(peer, _)| *peer == participant.id)
        .map_or(QualityScore::Good, |(_, score)| *score)
}

fn sync<T: Clone + PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: &T) {
    if signal.with_untracked(|old| old != value) {
        signal.set(value.clone());
    }
}
