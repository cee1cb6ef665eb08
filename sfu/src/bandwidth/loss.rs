//! The loss-based bound: falls when packets are lost because too many are
//! sent, and not when the line loses some anyway.
//!
//! The thresholds are those of draft-ietf-rmcat-gcc-02 §6. Beyond the draft:
//! loss that does not shrink with the rate is taken for a property of the line
//! (radio), and only what exceeds it counts.

use std::time::{Duration, Instant};

use super::{Bitrate, Outcome, PacketResult};

/// Loss above this is congestion.
const HIGH: f64 = 0.10;

/// Loss below this leaves room to grow.
const LOW: f64 = 0.02;

/// More than this is never taken for a property of the line.
const INHERENT_MAX: f64 = 0.30;

/// How fast the inherent loss follows when the line gets better, per window.
const INHERENT_DECAY: f64 = 0.1;

/// Growth of the bound per second.
const GROWTH: f64 = 1.08;

/// A window lasts so long and has so many packets at least.
const WINDOW: Duration = Duration::from_millis(500);
const PACKETS_MIN: u32 = 50;

/// A window that does not fill is dropped after this time.
const WINDOW_MAX: Duration = Duration::from_secs(5);

/// Weight of a new window in the loss that is shown.
const SHOWN_WEIGHT: f64 = 0.5;

/// The rate must have changed by this factor to tell the kinds of loss apart.
const TRIAL: f64 = 0.97;

/// Bounds the estimate by loss.
#[derive(Debug, Default)]
pub(super) struct LossBound {
    bound: Option<f64>,
    inherent: f64,
    shown: f64,
    began: Option<Instant>,
    delivered: u32,
    lost: u32,
    trial: Option<Trial>,
}

/// What loss is judged against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    /// The estimate so far.
    pub(super) estimate: Bitrate,
    /// What is sent.
    pub(super) sent: Option<Bitrate>,
    /// Packets wait on the way: loss is that of a full queue.
    pub(super) queued: bool,
}

/// The rate and loss before the bound was lowered.
#[derive(Debug, Clone, Copy)]
struct Trial {
    bps: f64,
    loss: f64,
}

impl LossBound {
    /// The most that should be sent, if loss says anything about it.
    pub(super) fn bound(&self) -> Option<Bitrate> {
        self.bound.map(|bps| Bitrate::from_bps(bps as u64))
    }

    /// The part of the packets that is lost at present, from 0 to 1.
    pub(super) fn fraction(&self) -> f64 {
        self.shown
    }

    /// More than the bound has just been shown to fit.
    pub(super) fn raise(&mut self, rate: Bitrate) {
        let rate = rate.as_bps() as f64;
        self.bound = self.bound.map(|bound| bound.max(rate));
    }

    pub(super) fn add(&mut self, result: &PacketResult) {
        match result.outcome {
            Outcome::Lost => self.lost += 1,
            Outcome::Delivered { late, .. } => {
                self.delivered += 1;
                self.lost = self.lost.saturating_sub(u32::from(late));
            }
        }
    }

    /// Judges a complete window; true when the bound was lowered.
    pub(super) fn update(&mut self, flow: &Flow, now: Instant) -> bool {
        let began = *self.began.get_or_insert(now);
        let elapsed = now.saturating_duration_since(began);
        let packets = self.delivered + self.lost;
        if elapsed < WINDOW || (packets < PACKETS_MIN && elapsed < WINDOW_MAX) {
            return false;
        }
        let loss = f64::from(self.lost) / f64::from(packets.max(1));
        (self.began, self.delivered, self.lost) = (Some(now), 0, 0);
        if packets < PACKETS_MIN {
            return false;
        }
        self.shown += SHOWN_WEIGHT * (loss - self.shown);
        let estimate = flow.estimate.as_bps() as f64;
        let sent = flow.sent.map_or(estimate, |rate| rate.as_bps() as f64);
        if flow.queued {
            self.trial = None;
        }
        self.learn(loss, sent);
        self.judge(loss, sent, estimate, elapsed)
    }

    fn judge(&mut self, loss: f64, sent: f64, estimate: f64, elapsed: Duration) -> bool {
        let excess = loss - self.inherent;
        if excess > HIGH {
            self.trial = Some(Trial { bps: sent, loss });
            // while the application is the limit, what is sent is no measure
            // of the line: come down towards it step by step
            let lowered = (sent * (1.0 - excess / 2.0)).max(estimate * (1.0 - excess));
            self.bound = Some(lowered.min(estimate));
            return true;
        }
        if excess < LOW {
            let growth = GROWTH.powf(elapsed.as_secs_f64());
            let raised = self.bound.map(|bound| bound * growth);
            self.bound = raised.filter(|bound| *bound < estimate * 2.0);
        }
        false
    }

    /// Compares the loss with what either cause would predict after the rate
    /// was lowered: congestion shrinks with the rate, a bad radio does not.
    fn learn(&mut self, loss: f64, sent: f64) {
        if loss < self.inherent {
            self.inherent += INHERENT_DECAY * (loss - self.inherent);
        }
        let Some(trial) = self.trial.take() else {
            return;
        };
        if sent > trial.bps * TRIAL {
            return;
        }
        let carried = trial.bps * (1.0 - trial.loss);
        let congestion = (1.0 - carried / sent.max(1.0)).max(0.0);
        if loss > (congestion + trial.loss) / 2.0 {
            self.inherent = loss.min(INHERENT_MAX);
        }
    }
}
