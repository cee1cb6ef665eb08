//! One slot of a subscriber: what it carries, and what it is about to. How it
//! sends stands in `forward`, how it sends again in `again`.

mod again;
mod forward;

use std::time::{Duration, Instant};

use rtc_rtcp::sender_report::SenderReport;
use slab::Slab;

use super::{
    format::Format,
    outlet::StreamLabel,
    reports::SlotReports,
    resend::ResendQueue,
    rewriter::{Rewriter, SourceId},
    trial::Trial,
    upgrades::Upgrades,
};
use crate::{
    Codec, Slot, TrackKey,
    ingress::{Layer, SenderClock, Track, TrackId},
};

/// All tracks of a room.
pub(crate) type Tracks = Slab<Track>;

/// A source that a slot wants to go over to, at its next keyframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Search {
    source: SourceId,
    /// The next arrival to look at.
    from: u64,
}

/// An outgoing stream of a subscriber.
#[derive(Debug)]
pub(crate) struct OutSlot {
    pub(crate) agreed: Slot,
    /// What it should carry.
    pub(crate) assigned: Option<(TrackId, TrackKey)>,
    /// Its place among the subscribers of what it carries.
    pub(crate) place: usize,
    /// What the subscriber was told.
    pub(crate) announced: Option<TrackKey>,
    pub(crate) upgrades: Upgrades,
    pub(crate) trial: Trial,
    pub(crate) reports: SlotReports,
    /// Where its packets come from now.
    current: Option<SourceId>,
    /// The next arrival of the current source to send.
    cursor: u64,
    search: Option<Search>,
    rewriter: Rewriter,
    /// How the payload type of the current source is sent.
    format: Option<(TrackId, u8, Format)>,
    resends: ResendQueue,
    next_resend: u64,
    switched: bool,
}

impl OutSlot {
    pub(crate) fn new(agreed: Slot) -> Self {
        Self {
            agreed,
            assigned: None,
            place: 0,
            announced: None,
            upgrades: Upgrades::default(),
            trial: Trial::default(),
            reports: SlotReports::default(),
            current: None,
            cursor: 0,
            search: None,
            rewriter: Rewriter::default(),
            format: None,
            resends: ResendQueue::default(),
            next_resend: 0,
            switched: false,
        }
    }

    pub(crate) fn decodes(&self, codec: Codec) -> bool {
        Format::find(&self.agreed.payloads, codec).is_some()
    }

    /// Carries another track from now on, or none. A sound starts at once, a
    /// picture when a layer is chosen.
    pub(crate) fn assign(&mut self, track: Option<&Track>) {
        let assigned = track.map(|track| (track.id, track.key));
        if self.assigned == assigned {
            return;
        }
        self.assigned = assigned;
        self.upgrades = Upgrades::default();
        self.trial = Trial::default();
        self.pause();
        if let Some(track) = track.filter(|track| !track.is_video()) {
            self.listen(track);
        }
    }

    /// Carries a sound from its latest packet on, which may be what made it
    /// worth hearing.
    pub(crate) fn listen(&mut self, track: &Track) {
        let layer = &track.layers[0];
        self.search = Some(Search {
            source: source(track, 0, layer),
            from: layer.cache.head().saturating_sub(1),
        });
    }

    /// Takes over what a new offer changed; the stream goes on.
    pub(crate) fn renegotiate(&mut self, agreed: Slot) {
        self.agreed = agreed;
        self.format = None;
    }

    /// A report on the stream, if its source told its clock.
    pub(crate) fn sender_report(&mut self, tracks: &Tracks, now: Instant) -> Option<SenderReport> {
        let clock = self.clock(tracks, now)?;
        Some(self.reports.sender_report(self.agreed.ssrc, clock))
    }

    /// Sends nothing until a layer is chosen.
    pub(crate) fn pause(&mut self) {
        self.current = None;
        self.search = None;
        self.resends.clear();
    }

    /// The layer that it carries.
    pub(crate) fn current_layer(&self) -> Option<usize> {
        self.current.map(|source| source.layer)
    }

    /// The layer that it carries or is about to.
    pub(crate) fn chosen_layer(&self) -> Option<usize> {
        self.search.map(|s| s.source.layer).or(self.current_layer())
    }

    /// Whether it needs packets of a layer, now or to go over to it.
    pub(crate) fn needs(&self, track: TrackId, layer: usize) -> bool {
        let is = |s: &SourceId| s.track == track && s.layer == layer;
        self.current.as_ref().is_some_and(is) || self.awaits(track, layer)
    }

    /// Whether it waits for a keyframe of a layer.
    pub(crate) fn awaits(&self, track: TrackId, layer: usize) -> bool {
        self.search
            .is_some_and(|s| s.source.track == track && s.source.layer == layer)
    }

    /// Goes over to a layer of the assigned track at its next keyframe. One
    /// that came within `recent` will do; otherwise one is asked for.
    pub(crate) fn choose(
        &mut self,
        track: &mut Track,
        layer: usize,
        recent: Duration,
        now: Instant,
    ) {
        let wanted = source(track, layer, &track.layers[layer]);
        if self.current == Some(wanted) {
            self.search = None;
            return;
        }
        if self.search.is_some_and(|search| search.source == wanted) {
            return;
        }
        let layer = &mut track.layers[layer];
        let from = match layer.recent_keyframe(recent, now) {
            Some(arrival) => arrival,
            None => {
                layer.keyframes.want();
                layer.cache.head()
            }
        };
        self.search = Some(Search {
            source: wanted,
            from,
        });
    }

    /// The layer whose picture the subscriber sees or waits for, to ask for a
    /// keyframe of.
    pub(crate) fn picture(&self) -> Option<SourceId> {
        self.search.map(|search| search.source).or(self.current)
    }

    fn label(&self) -> StreamLabel<'_> {
        StreamLabel {
            ssrc: self.agreed.ssrc,
            extensions: &self.agreed.extensions,
        }
    }

    /// The clock of the stream as it leaves, for a sender report: of the
    /// source, moved by the slot's offset.
    fn clock(&self, tracks: &Tracks, now: Instant) -> Option<SenderClock> {
        let (track, layer) = layer_of(tracks, self.current?)?;
        let clock = layer.clock?.at(now, track.clock_rate());
        let offset = self.rewriter.timestamp_offset()?;
        Some(SenderClock {
            timestamp: clock.timestamp.wrapping_add(offset),
            ..clock
        })
    }

    /// Whether the source changed since this was asked last.
    pub(crate) fn take_switched(&mut self) -> bool {
        std::mem::take(&mut self.switched)
    }
}

fn source(track: &Track, index: usize, layer: &Layer) -> SourceId {
    SourceId {
        track: track.id,
        layer: index,
        generation: layer.generation,
    }
}

/// The layer behind a source, if both are still what they were.
fn layer_of(tracks: &Tracks, source: SourceId) -> Option<(&Track, &Layer)> {
    let track = tracks.get(source.track.index)?;
    let layer = track.layers.get(source.layer)?;
    let same = track.id == source.track && layer.generation == source.generation;
    same.then_some((track, layer))
}
