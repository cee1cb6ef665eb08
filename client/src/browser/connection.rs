//! The peer connection: m-lines, offers and answers, and its state.
//!
//! All sending m-lines are in the first offer and get their tracks later, so
//! devices come and go without a negotiation. Receive-only m-lines are slots.
//! When to offer is the session's business; which track goes where, the
//! engine's.

use std::{cell::RefCell, collections::VecDeque, rc::Rc, time::Duration};

use js_sys::Promise;
use protocol::{Offer, OfferedTrack, Source};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaStreamTrack, RtcOfferOptions, RtcPeerConnection, RtcPeerConnectionState,
    RtcRtpTransceiver, RtcSdpType, RtcSessionDescriptionInit,
};

use super::{
    inbox::Inbox,
    js,
    listener::{Listener, report},
    senders::Senders,
    slot_lines::SlotLines,
};
use crate::{
    sdp,
    session::{Input, SlotCounts, TransportState},
};

/// What to do next with the connection; one after the other.
enum Job {
    Offer {
        negotiation: u32,
        restart_ice: bool,
        slots: SlotCounts,
    },
    Answer(String),
}

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    running: bool,
}

/// A peer connection; closed on drop.
pub(crate) struct Connection {
    inner: Rc<Inner>,
    _state: Listener,
}

struct Inner {
    number: u32,
    peer: RtcPeerConnection,
    senders: Senders,
    slots: RefCell<SlotLines>,
    jobs: RefCell<Jobs>,
    inbox: Inbox,
}

impl Connection {
    /// Makes a connection with its sending m-lines. The server is reachable by
    /// the addresses in its answer, so no STUN or TURN server is asked.
    ///
    /// # Errors
    /// What the browser says when it has no WebRTC, or no more of it.
    pub(crate) fn new(number: u32, inbox: Inbox) -> Result<Self, JsValue> {
        let peer = RtcPeerConnection::new()?;
        let senders = Senders::new(&peer);
        let state = watch(&peer, number, inbox.clone());
        Ok(Self {
            inner: Rc::new(Inner {
                number,
                peer,
                senders,
                slots: RefCell::default(),
                jobs: RefCell::default(),
                inbox,
            }),
            _state: state,
        })
    }

    pub(crate) fn senders(&self) -> &Senders {
        &self.inner.senders
    }

    /// The tracks of the audio slots, with the slots' names.
    pub(crate) fn audio_tracks(&self) -> Vec<(Option<String>, MediaStreamTrack)> {
        self.inner.slots.borrow().audio_tracks()
    }

    /// The track of a slot.
    pub(crate) fn slot_track(&self, mid: &str) -> Option<MediaStreamTrack> {
        self.inner.slots.borrow().video_track(mid)
    }

    /// What the browser counts of it.
    pub(crate) fn stats(&self) -> Promise {
        self.inner.peer.get_stats()
    }

    /// How long pictures wait at least before they are shown.
    pub(crate) fn delay_pictures(&self, wait: Duration) {
        self.inner.slots.borrow_mut().delay_pictures(wait);
    }

    /// Makes an offer; it comes as an input.
    pub(crate) fn offer(&self, negotiation: u32, restart_ice: bool, slots: SlotCounts) {
        // the slots' tracks are there at once
        self.inner.slots.borrow_mut().grow(&self.inner.peer, slots);
        self.enqueue(Job::Offer {
            negotiation,
            restart_ice,
            slots,
        });
    }

    /// Takes the server's answer.
    pub(crate) fn answer(&self, sdp: String) {
        self.enqueue(Job::Answer(sdp));
    }

    fn enqueue(&self, job: Job) {
        let mut jobs = self.inner.jobs.borrow_mut();
        jobs.waiting.push_back(job);
        if !std::mem::replace(&mut jobs.running, true) {
            spawn_local(Rc::clone(&self.inner).work());
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.inner.jobs.borrow_mut().waiting.clear();
        self.inner.peer.close();
    }
}

impl Inner {
    async fn work(self: Rc<Self>) {
        while let Some(job) = self.next_job() {
            let done = match job {
                Job::Offer {
                    negotiation,
                    restart_ice,
                    slots,
                } => self.make_offer(negotiation, restart_ice, slots).await,
                Job::Answer(sdp) => self.take_answer(&sdp).await,
            };
            if let Err(error) = done {
                report("The media connection could not be negotiated", &error);
                let connection = self.number;
                self.inbox.put(Input::NegotiationFailed { connection });
            }
        }
    }

    fn next_job(&self) -> Option<Job> {
        let mut jobs = self.jobs.borrow_mut();
        let job = jobs.waiting.pop_front();
        jobs.running = job.is_some();
        job
    }

    async fn make_offer(
        &self,
        negotiation: u32,
        restart_ice: bool,
        slots: SlotCounts,
    ) -> Result<(), JsValue> {
        self.slots.borrow_mut().grow(&self.peer, slots);
        let options = RtcOfferOptions::new();
        options.set_ice_restart(restart_ice);
        let offer = self.peer.create_offer_with_rtc_offer_options(&options);
        let offer = JsFuture::from(offer).await?;
        let sdp = js::get(&offer, "sdp").as_string().unwrap_or_default();
        // before an offer is set, m-lines have no mid; the text has them in order
        let receiving = sdp::tune_opus(&sdp, |mid| {
            sdp::is_recvonly(&sdp, mid).then_some(sdp::ANY_SOUND)
        });
        let description = RtcSessionDescriptionInit::new(RtcSdpType::Offer);
        description.set_sdp(&receiving);
        JsFuture::from(self.peer.set_local_description(&description)).await?;
        self.inbox.put(Input::OfferReady(Offer {
            negotiation,
            connection: self.number,
            sdp: receiving,
            tracks: self.offered_tracks(),
        }));
        Ok(())
    }

    fn offered_tracks(&self) -> Vec<OfferedTrack> {
        let mid = |line: &RtcRtpTransceiver| line.mid().filter(|mid| !mid.is_empty());
        self.senders
            .lines()
            .into_iter()
            .filter_map(|(source, line)| mid(line).map(|mid| OfferedTrack { mid, source }))
            .collect()
    }

    async fn take_answer(&self, sdp: &str) -> Result<(), JsValue> {
        let tracks = self.offered_tracks();
        let source_of = |mid: &str| tracks.iter().find(|track| track.mid == mid);
        let sdp = sdp::tune_opus(sdp, |mid| match source_of(mid)?.source {
            Source::Microphone => Some(sdp::VOICE),
            Source::ScreenAudio => Some(sdp::MUSIC),
            Source::Camera | Source::Screen => None,
        });
        let description = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
        description.set_sdp(&sdp);
        JsFuture::from(self.peer.set_remote_description(&description)).await?;
        Ok(())
    }
}

fn watch(peer: &RtcPeerConnection, number: u32, inbox: Inbox) -> Listener {
    let watched = peer.clone();
    Listener::new(peer.unchecked_ref(), "connectionstatechange", move |_| {
        let state = match watched.connection_state() {
            RtcPeerConnectionState::Connected => TransportState::Connected,
            RtcPeerConnectionState::Disconnected => TransportState::Disconnected,
            RtcPeerConnectionState::Failed => TransportState::Failed,
            _ => TransportState::Connecting,
        };
        inbox.put(Input::Transport {
            connection: number,
            state,
        });
    })
}
