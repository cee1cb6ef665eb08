//! Bandwidth: what a publisher is told about its uplink, and what a
//! subscriber's downlink carries.
//!
//! [`TwccRecorder`] is the ingress side: it writes the feedback that the
//! publisher's own congestion control lives on. [`Downlink`] is the egress
//! side: [`SendHistory`] remembers what was sent, [`Estimator`] turns feedback
//! into a [`Bitrate`], [`Prober`] looks for more.
//!
//! Deliberately elsewhere: which layers are sent within the estimate, which
//! packets carry a probe's padding, and the header extension itself.

mod aimd;
mod arrival;
mod bitrate;
mod capacity;
mod cluster;
mod config;
mod downlink;
mod estimator;
mod feedback;
mod history;
mod loss;
mod prober;
mod queue;
mod recorder;
mod throughput;
mod trendline;

pub use bitrate::Bitrate;
pub use config::BandwidthConfig;
pub use downlink::Downlink;
pub use estimator::Estimator;
pub use history::{Outcome, PacketResult, SendHistory};
pub use prober::{ClusterId, Prober, Situation};
pub use recorder::TwccRecorder;
