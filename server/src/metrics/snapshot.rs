//! What is read for one answer: media workers, outbox, process.

use std::{fmt, time::Duration};

use media::WorkerStats;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};
use tokio::time::timeout;
use tracing::warn;

use super::{
    Metrics,
    process::{self, Process},
    workers,
};
use crate::{clock::Now, db::OutboxFigures};

/// How long media workers and database may take. What is late is left out:
/// the rest is wanted most just then.
const PATIENCE: Duration = Duration::from_secs(2);

/// The numbers of one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    workers: Vec<WorkerStats>,
    all_workers: usize,
    websockets: usize,
    /// Nothing when the database does not answer.
    outbox: Option<OutboxFigures>,
    now: Now,
    started: f64,
    process: Option<Process>,
}

impl Snapshot {
    pub(super) async fn take(metrics: &Metrics) -> Self {
        let workers = timeout(PATIENCE, metrics.media.stats());
        let outbox = timeout(PATIENCE, metrics.database.outbox_figures());
        let (workers, outbox) = tokio::join!(workers, outbox);
        let outbox = match outbox {
            Ok(read) => read
                .inspect_err(|error| warn!(%error, "The outbox cannot be read"))
                .ok(),
            Err(_late) => None,
        };
        Self {
            workers: workers.unwrap_or_default(),
            all_workers: metrics.media.workers(),
            websockets: metrics.sessions.count(),
            outbox,
            now: Now::read(),
            started: metrics.live.started,
            process: process::read(),
        }
    }
}

impl Collector for Snapshot {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let encoder = &mut encoder;
        self.connections(encoder)?;
        workers::encode(encoder, &self.workers)?;
        self.database(encoder)?;
        self.process(encoder)
    }
}

impl Snapshot {
    fn connections(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        gauge(
            encoder,
            "meetframe_websockets",
            "WebSockets that are open",
            self.websockets,
        )?;
        gauge(
            encoder,
            "meetframe_media_workers",
            "Media workers",
            self.all_workers,
        )?;
        gauge(
            encoder,
            "meetframe_media_workers_answering",
            "Media workers that told their numbers in time",
            self.workers.len(),
        )
    }

    fn database(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        gauge(
            encoder,
            "meetframe_database_up",
            "Whether the database answered, 1 or 0",
            u32::from(self.outbox.is_some()),
        )?;
        let Some(outbox) = &self.outbox else {
            return Ok(());
        };
        let name = "meetframe_webhook_messages";
        let help = "Messages in the outbox of webhooks: waiting, or given up";
        let one = ConstGauge::new(0_u64);
        let mut rows = encoder.encode_descriptor(name, help, None, one.metric_type())?;
        for (state, count) in [("waiting", outbox.waiting), ("dead", outbox.dead)] {
            let labels = [("state", state)];
            ConstGauge::new(count).encode(rows.encode_family(&labels)?)?;
        }
        let now = self.now.unix.get();
        let lag = outbox.oldest.map(|at| now.saturating_sub(at.get()));
        gauge(
            encoder,
            "meetframe_webhook_lag_seconds",
            "Age of the oldest webhook that waits, 0 when none does",
            Duration::from_millis(lag.unwrap_or(0)).as_secs_f64(),
        )
    }

    fn process(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        gauge(
            encoder,
            "process_start_time_seconds",
            "When the server started, in seconds of UNIX",
            self.started,
        )?;
        let Some(own) = self.process else {
            return Ok(());
        };
        for (name, help, value) in [
            (
                "process_resident_memory_bytes",
                "Memory in use",
                own.resident,
            ),
            (
                "process_virtual_memory_bytes",
                "Address space",
                own.virtual_memory,
            ),
            ("process_open_fds", "Open files and sockets", own.open_files),
            ("process_threads", "Threads", own.threads),
        ] {
            gauge(encoder, name, help, value)?;
        }
        if let Some(most) = own.max_files {
            let help = "The most files and sockets that may be open";
            gauge(encoder, "process_max_fds", help, most)?;
        }
        let help = "Processor time of the process";
        counter(encoder, "process_cpu_seconds", help, own.cpu)
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: impl EncodeGaugeValue,
) -> fmt::Result {
    let metric = ConstGauge::new(value);
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}

fn counter(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: impl EncodeCounterValue,
) -> fmt::Result {
    let metric = ConstCounter::new(value);
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}
