//! One slot of a subscriber: which source it carries, and how it goes over
//! from one to another.

use std::time::{Duration, Instant};

use rtc_rtcp::sender_report::SenderReport;
use slab::Slab;

use super::{
    format::Format,
    outlet::{Outlet, ResendLabel, StreamLabel},
    reports::SlotReports,
    resend::{ResendBudget, ResendQueue},
    rewriter::{Clocks, Rewriter, SourceId},
};
use crate::{
    Codec, Egress, Slot, TrackKey,
    ingress::{Layer, PayloadRole, SenderClock, Track, TrackId},
    packet_cache::CachedPacket,
};

/// A packet that came so many places before the start of a keyframe may belong
/// behind it.
const REORDERED: u64 = 8;

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
    /// What the subscriber was told.
    pub(crate) announced: Option<TrackKey>,
    /// After a downgrade, no upgrade before this.
    pub(crate) upgrade_after: Option<Instant>,
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
            announced: None,
            upgrade_after: None,
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
        self.upgrade_after = None;
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

    /// Sends what is new. Returns whether the source changed.
    pub(crate) fn forward<E: Egress>(
        &mut self,
        tracks: &Tracks,
        outlet: &mut Outlet<'_, E>,
    ) -> bool {
        let Some(track) = self.track(tracks) else {
            return false;
        };
        self.follow_restart(track);
        self.forward_current(track, outlet);
        let Some(start) = self.search(track, tracks) else {
            return false;
        };
        self.forward_overtaken(track, start, outlet);
        self.forward_current(track, outlet);
        self.switched = true;
        true
    }

    /// Sends again what the subscriber asked for, as far as it goes.
    pub(crate) fn resend<E: Egress>(
        &mut self,
        tracks: &Tracks,
        outlet: &mut Outlet<'_, E>,
        budget: &mut ResendBudget,
    ) {
        while let Some(index) = self.resends.pop() {
            if budget.is_spent() {
                self.resends.clear();
                return;
            }
            let bytes = self.resend_one(index, tracks, outlet);
            budget.spend(bytes.unwrap_or(0));
        }
    }

    fn resend_one<E: Egress>(
        &mut self,
        index: u64,
        tracks: &Tracks,
        outlet: &mut Outlet<'_, E>,
    ) -> Option<usize> {
        let (source, sequence) = self.rewriter.origin(index)?;
        let (track, layer) = layer_of(tracks, source)?;
        let packet = layer.cache.arrival(layer.cache.find(sequence)?)?;
        let format = self.format(track, packet.facts.payload_type)?;
        let place = self.rewriter.again(&packet, index)?;
        let again = self.next_resend(format.rtx?)?;
        Some(outlet.resend(self.label(), format, &packet, &place, again))
    }

    /// Sends a packet of padding. Returns its size, or nothing when no stream
    /// for it was agreed.
    pub(crate) fn pad<E: Egress>(&mut self, outlet: &mut Outlet<'_, E>) -> Option<usize> {
        let pt = self
            .agreed
            .payloads
            .iter()
            .find_map(|payload| payload.rtx)?;
        let again = self.next_resend(pt)?;
        let timestamp = self.rewriter.last_timestamp().unwrap_or(0);
        Some(outlet.pad(&self.agreed.extensions, again, timestamp))
    }

    fn next_resend(&mut self, pt: u8) -> Option<ResendLabel> {
        let ssrc = self.agreed.rtx_ssrc?;
        let index = self.next_resend;
        self.next_resend += 1;
        Some(ResendLabel { ssrc, pt, index })
    }

    /// Notes that the subscriber misses packets. Without an agreed stream of
    /// retransmissions none are sent again: under the number that they had,
    /// the cipher's nonce would be used twice.
    pub(crate) fn ask_again(
        &mut self,
        missing: impl Iterator<Item = u16>,
        pause: Duration,
        now: Instant,
    ) -> bool {
        if self.agreed.rtx_ssrc.is_none() {
            return false;
        }
        for sequence in missing {
            if let Some(index) = self.sent_index(sequence) {
                self.resends.ask(index, pause, now);
            }
        }
        true
    }

    /// The index below the next one that ends in these bits.
    fn sent_index(&self, sequence: u16) -> Option<u64> {
        let last = self.rewriter.next_index().checked_sub(1)?;
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
        let back = (last as u16).wrapping_sub(sequence);
        last.checked_sub(u64::from(back))
    }

    fn label(&self) -> StreamLabel<'_> {
        StreamLabel {
            ssrc: self.agreed.ssrc,
            extensions: &self.agreed.extensions,
        }
    }

    fn track<'a>(&self, tracks: &'a Tracks) -> Option<&'a Track> {
        let (id, _) = self.assigned?;
        tracks.get(id.index).filter(|track| track.id == id)
    }

    /// A layer whose sequence began anew is another source.
    fn follow_restart(&mut self, track: &Track) {
        let stale = |s: &SourceId| track.layers[s.layer].generation != s.generation;
        if let Some(search) = self.search.as_mut().filter(|search| stale(&search.source)) {
            search.source.generation = track.layers[search.source.layer].generation;
            search.from = 0;
        }
        if let Some(old) = self.current.filter(stale) {
            let renewed = source(track, old.layer, &track.layers[old.layer]);
            self.current = None;
            self.search.get_or_insert(Search {
                source: renewed,
                from: 0,
            });
        }
    }

    fn forward_current<E: Egress>(&mut self, track: &Track, outlet: &mut Outlet<'_, E>) {
        let Some(current) = self.current else { return };
        let cache = &track.layers[current.layer].cache;
        let from = self.cursor.max(cache.tail());
        self.cursor = cache.head();
        for arrival in from..cache.head() {
            if let Some(packet) = cache.arrival(arrival) {
                self.send(track, &packet, outlet);
            }
        }
    }

    fn send<E: Egress>(
        &mut self,
        track: &Track,
        packet: &CachedPacket<'_>,
        outlet: &mut Outlet<'_, E>,
    ) {
        let Some(format) = self.format(track, packet.facts.payload_type) else {
            return;
        };
        if packet.payload.is_empty() && self.rewriter.leave_out(packet.facts.sequence) {
            return;
        }
        let Some(place) = self.rewriter.rewrite(packet) else {
            return;
        };
        let bytes = outlet.send(self.label(), format, packet, &place);
        self.reports.count(bytes);
    }

    #[inline]
    fn format(&mut self, track: &Track, payload_type: u8) -> Option<Format> {
        if let Some((id, pt, format)) = self.format
            && id == track.id
            && pt == payload_type
        {
            return Some(format);
        }
        let Some(PayloadRole::Media(codec)) = track.role(payload_type) else {
            return None;
        };
        let format = Format::find(&self.agreed.payloads, codec)?;
        self.format = Some((track.id, payload_type, format));
        Some(format)
    }

    /// Looks for the start that is waited for. If it has come, the slot goes
    /// over to the new source. Returns the arrival of its first packet.
    fn search(&mut self, track: &Track, tracks: &Tracks) -> Option<u64> {
        let search = self.search?;
        let layer = &track.layers[search.source.layer];
        let cache = &layer.cache;
        let starts = |packet: &CachedPacket<'_>| {
            !packet.payload.is_empty() && (packet.facts.info.keyframe || !track.is_video())
        };
        let found = (search.from.max(cache.tail())..cache.head())
            .find(|arrival| cache.arrival(*arrival).as_ref().is_some_and(starts));
        let Some(arrival) = found else {
            self.search = Some(Search {
                from: cache.head(),
                ..search
            });
            return None;
        };
        let first = cache.arrival(arrival)?;
        let clocks = self.clocks(track, layer, tracks);
        self.rewriter
            .switch(search.source, &first, clocks, track.clock_rate());
        self.current = Some(search.source);
        self.search = None;
        self.cursor = arrival;
        Some(arrival)
    }

    /// The clocks before and after the switch to a layer of `track`, if both
    /// belong to one publisher.
    fn clocks(&self, track: &Track, layer: &Layer, tracks: &Tracks) -> Option<Clocks> {
        let (old_track, old_layer) = layer_of(tracks, self.rewriter.source()?)?;
        let rates = old_track.clock_rate() == track.clock_rate();
        (rates && old_track.key.peer == track.key.peer).then_some(Clocks {
            before: old_layer.clock?,
            after: layer.clock?,
        })
    }

    /// Sends packets of the new source that overtook its first one.
    fn forward_overtaken<E: Egress>(
        &mut self,
        track: &Track,
        start: u64,
        outlet: &mut Outlet<'_, E>,
    ) {
        let Some(current) = self.current else { return };
        let cache = &track.layers[current.layer].cache;
        let Some(first) = cache.arrival(start) else {
            return;
        };
        for arrival in start.saturating_sub(REORDERED).max(cache.tail())..start {
            let packet = cache.arrival(arrival);
            let later = |p: &CachedPacket<'_>| p.facts.sequence > first.facts.sequence;
            if let Some(packet) = packet.filter(later) {
                self.send(track, &packet, outlet);
            }
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
