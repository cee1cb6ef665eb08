//! How a slot sends what is new, and goes over from one source to another.

use super::{
    super::{
        format::Format,
        outlet::Outlet,
        rewriter::{Clocks, SourceId},
    },
    OutSlot, Search, Tracks, layer_of, source,
};
use crate::{
    Egress,
    ingress::{Layer, PayloadRole, Track},
    packet_cache::CachedPacket,
};

/// A packet that came so many places before the start of a keyframe may belong
/// behind it.
const REORDERED: u64 = 8;

impl OutSlot {
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
    pub(super) fn format(&mut self, track: &Track, payload_type: u8) -> Option<Format> {
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
}
