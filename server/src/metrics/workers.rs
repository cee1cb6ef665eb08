//! What media workers have counted, one row for each.
//!
//! Datagrams are what the socket carries: media, DTLS, ICE. Packets are the RTP
//! packets within.

use std::fmt;

use media::WorkerStats;
use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

/// Name, explanation, and where the number stands.
type Row = (&'static str, &'static str, fn(&WorkerStats) -> u64);

const GAUGES: &[Row] = &[
    ("meetframe_media_rooms", "Rooms of a media worker", |w| {
        w.rooms as u64
    }),
    (
        "meetframe_media_peers",
        "Participants of a media worker",
        |w| w.peers as u64,
    ),
    (
        "meetframe_media_connected_peers",
        "Participants whose media connection is up",
        |w| w.connected as u64,
    ),
    (
        "meetframe_media_tracks",
        "Tracks that are switched on and have begun",
        |w| w.forwarded.tracks as u64,
    ),
];

const COUNTERS: &[Row] = &[
    (
        "meetframe_media_received_datagrams",
        "UDP datagrams received",
        |w| w.packets_in,
    ),
    (
        "meetframe_media_received_bytes",
        "Bytes of UDP datagrams received",
        |w| w.bytes_in,
    ),
    (
        "meetframe_media_sent_datagrams",
        "UDP datagrams sent",
        |w| w.packets_out,
    ),
    (
        "meetframe_media_sent_bytes",
        "Bytes of UDP datagrams sent",
        |w| w.bytes_out,
    ),
    (
        "meetframe_media_send_calls",
        "System calls that sent datagrams",
        |w| w.sends,
    ),
    (
        "meetframe_media_dropped_datagrams",
        "Datagrams not sent because the socket's buffer was full",
        |w| w.dropped,
    ),
    (
        "meetframe_media_rejected_datagrams",
        "Datagrams received that were of nobody, not authentic or replayed",
        |w| w.rejected,
    ),
    (
        "meetframe_media_dtls_handshakes",
        "DTLS handshakes completed",
        |w| w.handshakes,
    ),
    (
        "meetframe_media_dtls_failures",
        "DTLS datagrams refused",
        |w| w.handshake_failures,
    ),
    (
        "meetframe_media_ice_failures",
        "ICE connectivity checks refused",
        |w| w.checks_refused,
    ),
    (
        "meetframe_media_lost_connections",
        "Media connections that were up and fell silent",
        |w| w.connections_lost,
    ),
    (
        "meetframe_media_received_packets",
        "RTP packets from publishers",
        |w| w.forwarded.packets_in,
    ),
    (
        "meetframe_media_sent_packets",
        "RTP packets to subscribers, resent ones and probes included",
        |w| w.forwarded.packets_out,
    ),
    (
        "meetframe_media_lost_received_packets",
        "RTP packets of publishers that did not come at first",
        |w| w.forwarded.lost_in,
    ),
    (
        "meetframe_media_lost_sent_packets",
        "RTP packets that subscribers report as lost",
        |w| w.forwarded.lost_out,
    ),
    (
        "meetframe_media_sent_nacks",
        "Packets that publishers were asked to send again",
        |w| w.forwarded.nacks,
    ),
    (
        "meetframe_media_received_nacks",
        "Packets that subscribers asked to be sent again",
        |w| w.forwarded.nacks_in,
    ),
    (
        "meetframe_media_repaired_packets",
        "Packets that publishers sent again in time",
        |w| w.forwarded.repaired,
    ),
    (
        "meetframe_media_abandoned_packets",
        "Packets that publishers were asked for in vain",
        |w| w.forwarded.given_up,
    ),
    (
        "meetframe_media_resent_packets",
        "Packets sent again to subscribers",
        |w| w.forwarded.resends,
    ),
    (
        "meetframe_media_probe_packets",
        "Packets that probe the bandwidth of subscribers",
        |w| w.forwarded.probes,
    ),
    (
        "meetframe_media_sent_keyframe_requests",
        "Keyframe requests (PLI) to publishers",
        |w| w.forwarded.keyframe_requests,
    ),
    (
        "meetframe_media_received_keyframe_requests",
        "Keyframe requests (PLI, FIR) of subscribers",
        |w| w.forwarded.keyframe_requests_in,
    ),
    (
        "meetframe_media_layer_switches",
        "Changes of source or layer of video slots",
        |w| w.forwarded.switches,
    ),
];

/// Writes all rows of all workers.
pub(super) fn encode(encoder: &mut DescriptorEncoder<'_>, workers: &[WorkerStats]) -> fmt::Result {
    for (name, help, value) in GAUGES {
        each(encoder, (name, help), workers, |w| {
            ConstGauge::new(value(w))
        })?;
    }
    for (name, help, value) in COUNTERS {
        each(encoder, (name, help), workers, |w| {
            ConstCounter::new(value(w))
        })?;
    }
    let load = "Share of the last second that a media worker was not waiting, 0 to 1";
    each(encoder, ("meetframe_media_load", load), workers, |w| {
        ConstGauge::new(w.load)
    })?;
    let cpu = "Processor time of a media worker's thread";
    each(
        encoder,
        ("meetframe_media_cpu_seconds", cpu),
        workers,
        |w| ConstCounter::new(w.cpu.as_secs_f64()),
    )
}

fn each<M: EncodeMetric>(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help): (&str, &str),
    workers: &[WorkerStats],
    metric: impl Fn(&WorkerStats) -> M,
) -> fmt::Result {
    let kind = workers.first().map(|worker| metric(worker).metric_type());
    let Some(kind) = kind else { return Ok(()) };
    let mut rows = encoder.encode_descriptor(name, help, None, kind)?;
    for worker in workers {
        let labels = [("worker", worker.worker)];
        metric(worker).encode(rows.encode_family(&labels)?)?;
    }
    Ok(())
}
