//! What goes out: slots, and how packets are rewritten for them.

mod format;
mod outlet;
mod reports;
mod resend;
mod rewriter;
mod slot;
mod trial;
mod upgrades;

pub(crate) use outlet::{Outlet, SentCounters};
pub(crate) use resend::ResendBudget;
pub(crate) use slot::{OutSlot, Tracks};
