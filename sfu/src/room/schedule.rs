//! When a room wants to be woken, and for what.

use std::time::{Duration, Instant};

/// Something that recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// Ask publishers for missing packets.
    Missing,
    /// Transport-wide feedback to publishers.
    Feedback,
    /// Bandwidth estimation and probes.
    Downlinks,
    /// Keyframe requests.
    Keyframes,
    /// Loudness.
    Speakers,
    /// Layers.
    Layers,
    /// Sender and receiver reports.
    Reports,
    /// Judgement on connections.
    Quality,
}

const JOBS: usize = 8;

/// The next time of each job.
#[derive(Debug, Default)]
pub(super) struct Schedule([Option<Instant>; JOBS]);

impl Schedule {
    /// The earliest job's time.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().flatten().min().copied()
    }

    /// Does a job at this time, or earlier if that was planned.
    #[inline]
    pub(super) fn at(&mut self, job: Job, time: Instant) {
        let entry = &mut self.0[job as usize];
        *entry = Some(entry.map_or(time, |planned| planned.min(time)));
    }

    /// Like [`Schedule::at`], if there is a time.
    pub(super) fn at_most(&mut self, job: Job, time: Option<Instant>) {
        if let Some(time) = time {
            self.at(job, time);
        }
    }

    /// Whether a job is due; if so it is no longer planned.
    pub(super) fn take(&mut self, job: Job, now: Instant) -> bool {
        let due = self.0[job as usize].is_some_and(|time| time <= now);
        if due {
            self.0[job as usize] = None;
        }
        due
    }

    /// Whether a job that recurs is due; if so it is planned again.
    pub(super) fn recur(&mut self, job: Job, interval: Duration, now: Instant) -> bool {
        let due = self.take(job, now);
        if due {
            self.at(job, now + interval);
        }
        due
    }

    /// Starts the jobs that recur.
    pub(super) fn start(&mut self, now: Instant) {
        for job in [Job::Speakers, Job::Layers, Job::Reports, Job::Quality] {
            self.at(job, now);
        }
    }
}
