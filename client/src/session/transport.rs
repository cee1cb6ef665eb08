//! The media connection: which one, which offer, when to restart it.
//!
//! Decides; making offers is the browser's work and sending them the
//! session's. There is at most one offer under way.

use std::time::Duration;

use protocol::Offer;

use super::io::{Effect, SlotCounts, TransportState};
use crate::Moment;

/// ICE often recovers by itself within this time.
const RESTART_AFTER: Duration = Duration::from_secs(2);
/// An ICE restart, or a first connection, that has not succeeded by then has
/// failed: DTLS and all are made anew.
const RENEW_AFTER: Duration = Duration::from_secs(10);
/// After the browser refused something, a new connection is tried then.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// A connection that was made ahead is taken for so long; an older one may
/// belong to a network that is gone.
const FRESH_FOR: Duration = Duration::from_secs(60);
/// What fits the usual layouts, so that the first offer is the last one.
const FIRST_SLOTS: SlotCounts = SlotCounts { audio: 4, video: 9 };
/// Numbers of video slots to grow to: those of square grids.
const VIDEO_STEPS: [u32; 5] = [9, 16, 25, 36, 49];

#[derive(Debug, Default, PartialEq)]
enum OfferState {
    /// None is under way.
    #[default]
    None,
    /// The browser makes it.
    Creating,
    /// Waits for the socket.
    Ready(Offer),
    /// Waits for the answer.
    Sent,
}

#[derive(Debug)]
pub(super) struct Transport {
    connection: u32,
    negotiation: u32,
    offer: OfferState,
    state: TransportState,
    running: bool,
    /// When the connection was made.
    started: Duration,
    /// A server's seat knows this connection.
    known: bool,
    slots: SlotCounts,
    max_video: u32,
    /// A further offer is wanted when the one under way is answered.
    again: bool,
    /// The next offer shall have new ICE credentials.
    restart_ice: bool,
    /// Media was lost, or never came in time.
    lost: bool,
    restart_at: Option<Duration>,
    renew_at: Option<Duration>,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            connection: 0,
            negotiation: 0,
            offer: OfferState::None,
            state: TransportState::Connecting,
            running: false,
            started: Duration::ZERO,
            known: false,
            slots: FIRST_SLOTS,
            max_video: FIRST_SLOTS.video,
            again: false,
            restart_ice: false,
            lost: false,
            restart_at: None,
            renew_at: None,
        }
    }
}

impl Transport {
    /// The number of the connection; 0 before the first.
    pub(super) fn connection(&self) -> u32 {
        self.connection
    }

    /// Whether the participant has been without media for longer than a blink.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    /// Makes a connection ahead, so that there is an offer when the participant
    /// joins. Twice changes nothing.
    pub(super) fn prepare(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        if !self.running {
            self.start(at, effects);
        }
    }

    /// The participant joins: takes the connection that was made ahead, or a
    /// new one.
    pub(super) fn join(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        let broken = self.renew_at.is_some();
        if !self.running || self.known || broken || self.is_stale(at) {
            self.start(at, effects);
        }
    }

    fn is_stale(&self, at: Moment) -> bool {
        at.now.saturating_sub(self.started) > FRESH_FOR
    }

    /// Makes a new connection and its first offer.
    fn start(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        self.connection += 1;
        self.started = at.now;
        self.negotiation = 0;
        self.offer = OfferState::None;
        self.state = TransportState::Connecting;
        self.running = true;
        self.known = false;
        self.again = false;
        self.restart_ice = false;
        self.restart_at = None;
        self.renew_at = None;
        effects.push(Effect::StartConnection {
            connection: self.connection,
        });
        self.create_offer(effects);
    }

    pub(super) fn stop(&mut self, effects: &mut Vec<Effect>) {
        let connection = self.connection;
        if std::mem::take(self).running {
            effects.push(Effect::StopConnection);
        }
        // numbers are not used again, so that late events find nothing
        self.connection = connection;
    }

    /// The seat is there. A resumed one knows the connection, a new one knows none.
    pub(super) fn welcome(
        &mut self,
        resumed: bool,
        limits: SlotCounts,
        at: Moment,
        effects: &mut Vec<Effect>,
    ) {
        self.max_video = limits.video;
        let too_many = self.slots.video > limits.video || self.slots.audio > limits.audio;
        let too_few_audio = self.slots.audio < limits.audio;
        self.slots.video = self.slots.video.min(limits.video);
        self.slots.audio = limits.audio;
        let unfit = !self.known && (too_many || self.is_stale(at));
        if !self.running || (!resumed && self.known) || unfit {
            return self.start(at, effects);
        }
        if resumed && self.offer == OfferState::Sent {
            // the answer was lost with the socket
            self.offer = OfferState::None;
            self.restart_ice = true;
            self.create_offer(effects);
        } else if resumed && self.known && self.state != TransportState::Connected {
            self.restart(at, effects);
        } else if too_few_audio {
            self.offer_again(effects);
        }
    }

    /// The page shows so many tracks of others.
    pub(super) fn want_videos(&mut self, count: u32, effects: &mut Vec<Effect>) {
        let step = VIDEO_STEPS.into_iter().find(|step| *step >= count);
        let wanted = step.unwrap_or(count).min(self.max_video);
        if self.running && wanted > self.slots.video {
            self.slots.video = wanted;
            self.offer_again(effects);
        }
    }

    /// The browser made an offer; a stale one is dropped.
    pub(super) fn offer_ready(&mut self, offer: Offer) {
        let current = (self.connection, self.negotiation);
        if self.offer == OfferState::Creating && (offer.connection, offer.negotiation) == current {
            self.offer = OfferState::Ready(offer);
        }
    }

    /// The offer to send now, if there is one.
    pub(super) fn take_offer(&mut self, at: Moment) -> Option<Offer> {
        match std::mem::take(&mut self.offer) {
            OfferState::Ready(offer) => {
                self.offer = OfferState::Sent;
                self.known = true;
                if self.state != TransportState::Connected {
                    self.renew_at = Some(at.now + RENEW_AFTER);
                }
                Some(offer)
            }
            other => {
                self.offer = other;
                None
            }
        }
    }

    /// The server answered; an answer to an older offer is dropped.
    pub(super) fn answered(
        &mut self,
        connection: u32,
        negotiation: u32,
        sdp: String,
        effects: &mut Vec<Effect>,
    ) {
        let current = (self.connection, self.negotiation) == (connection, negotiation);
        if !current || self.offer != OfferState::Sent {
            return;
        }
        self.offer = OfferState::None;
        effects.push(Effect::Answer { connection, sdp });
        if std::mem::take(&mut self.again) {
            self.create_offer(effects);
        }
    }

    /// The server refused the offer, or the browser failed.
    pub(super) fn failed(&mut self, connection: u32, at: Moment) {
        if connection == self.connection && self.running {
            self.offer = OfferState::None;
            self.renew_at = Some(at.now + RETRY_AFTER);
        }
    }

    pub(super) fn changed(
        &mut self,
        connection: u32,
        state: TransportState,
        at: Moment,
        effects: &mut Vec<Effect>,
    ) {
        if connection != self.connection || !self.running {
            return;
        }
        self.state = state;
        match state {
            TransportState::Connecting => {}
            TransportState::Connected => {
                self.lost = false;
                self.restart_at = None;
                self.renew_at = None;
            }
            TransportState::Disconnected => {
                self.restart_at
                    .get_or_insert(at.now.saturating_add(RESTART_AFTER));
            }
            TransportState::Failed => self.restart(at, effects),
        }
    }

    /// The network changed or the page slept: no time to lose.
    pub(super) fn wake(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        if self.running && !self.known {
            // made ahead, perhaps for a network that is gone
            self.start(at, effects);
        } else if self.running && self.state == TransportState::Disconnected {
            self.restart(at, effects);
        }
    }

    pub(super) fn deadline(&self, link_up: bool) -> Option<Duration> {
        // without a socket nothing can be agreed on, so there is no hurry
        let renew_at = self.renew_at.filter(|_| link_up);
        [self.restart_at, renew_at].into_iter().flatten().min()
    }

    pub(super) fn tick(&mut self, link_up: bool, at: Moment, effects: &mut Vec<Effect>) {
        if self.restart_at.is_some_and(|due| at.now >= due) {
            self.restart(at, effects);
        }
        if link_up && self.renew_at.is_some_and(|due| at.now >= due) {
            self.lost = true;
            self.start(at, effects);
        }
    }

    fn restart(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        self.lost = true;
        self.restart_at = None;
        self.restart_ice = true;
        self.renew_at.get_or_insert(at.now + RENEW_AFTER);
        self.offer_again(effects);
    }

    fn offer_again(&mut self, effects: &mut Vec<Effect>) {
        match self.offer {
            OfferState::None => self.create_offer(effects),
            // not sent yet: a newer one takes its place
            OfferState::Creating | OfferState::Ready(_) => {
                self.offer = OfferState::None;
                self.create_offer(effects);
            }
            OfferState::Sent => self.again = true,
        }
    }

    fn create_offer(&mut self, effects: &mut Vec<Effect>) {
        self.negotiation += 1;
        self.offer = OfferState::Creating;
        effects.push(Effect::Offer {
            connection: self.connection,
            negotiation: self.negotiation,
            restart_ice: std::mem::take(&mut self.restart_ice),
            slots: self.slots,
        });
    }
}
