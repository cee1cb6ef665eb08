//! RTCP comes in.

use std::time::{Duration, Instant};

use rtc_rtcp::{
    reception_report::ReceptionReport,
    sender_report::SenderReport,
    transport_feedbacks::transport_layer_nack::{NackPair, TransportLayerNack},
};

use super::{Room, schedule::Job};
use crate::{
    Bitrate, PeerKey,
    ingress::SenderClock,
    rtcp::{self, Message, RtcpError},
};

/// A packet is not resent again before this, however short the round trip.
const RESEND_PAUSE_MIN: Duration = Duration::from_millis(20);

impl Room {
    /// Takes a decrypted RTCP packet. Parts that are malformed or of no
    /// interest are passed over.
    ///
    /// # Errors
    /// Says why nothing of it could be read.
    pub fn receive_rtcp(
        &mut self,
        peer: PeerKey,
        packet: &[u8],
        now: Instant,
    ) -> Result<(), RtcpError> {
        let index = *self.by_key.get(&peer).ok_or(RtcpError::UnknownPeer)?;
        self.stats.rtcp_in += 1;
        for message in rtcp::parse(packet)? {
            self.act_on(index, message, now);
        }
        Ok(())
    }

    fn act_on(&mut self, index: usize, message: Message, now: Instant) {
        match message {
            Message::SenderReport(report) => self.note_clock(index, &report, now),
            Message::ReceiverReport(report) => self.note_reports(index, &report.reports, now),
            Message::Nack(nack) => self.resend(index, &nack, now),
            Message::PictureLoss(loss) => {
                self.stats.keyframe_requests_in += 1;
                self.refresh_picture(index, loss.media_ssrc, now);
            }
            Message::FullIntra(request) => {
                self.stats.keyframe_requests_in += 1;
                let ssrcs = request.fir.iter().map(|entry| entry.ssrc);
                ssrcs.for_each(|ssrc| self.refresh_picture(index, ssrc, now));
            }
            Message::Remb(remb) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "an estimate; `as` saturates"
                )]
                let rate = Bitrate::from_bps(remb.bitrate as u64);
                self.peers[index].transport.note_remb(rate);
            }
            Message::TransportCc(feedback) => {
                let downlink = &mut self.peers[index].transport.downlink;
                downlink.on_feedback(&feedback, now);
                self.schedule
                    .at_most(Job::Downlinks, downlink.poll_timeout());
            }
        }
    }

    fn note_clock(&mut self, index: usize, report: &SenderReport, now: Instant) {
        let peer = &self.peers[index];
        if let Some(stream) = peer.transport.streams.get(&report.ssrc) {
            let layer = &mut self.tracks[stream.track].layers[stream.layer];
            // not the clock of its retransmissions
            if layer.ssrc == Some(report.ssrc) {
                layer.clock = Some(SenderClock {
                    ntp: report.ntp_time,
                    timestamp: report.rtp_time,
                    arrived: now,
                });
            }
        }
        self.note_reports(index, &report.reports, now);
    }

    fn note_reports(&mut self, index: usize, reports: &[ReceptionReport], now: Instant) {
        let peer = &mut self.peers[index];
        for report in reports {
            let Some(slot) = peer.slot_by_ssrc(report.ssrc) else {
                continue;
            };
            let rate = if slot.agreed.video { 90_000 } else { 48_000 };
            let told = slot.reports.receive(report, rate, now);
            self.stats.lost_out += u64::from(told.lost);
            if let Some(rtt) = told.rtt {
                peer.transport.note_rtt(rtt);
            }
        }
    }

    /// Sends again what a subscriber misses. Where that was not agreed on, a
    /// keyframe has to do.
    fn resend(&mut self, index: usize, nack: &TransportLayerNack, now: Instant) {
        let peer = &mut self.peers[index];
        // receivers ask again after a round trip as they measure it
        let pause = (peer.transport.rtt() * 3 / 4).max(RESEND_PAUSE_MIN);
        let ssrc = nack.media_ssrc;
        let Some(at) = peer.slots.iter().position(|slot| slot.agreed.ssrc == ssrc) else {
            return;
        };
        let missing = nack.nacks.iter().flat_map(|pair| pair.into_iter());
        let asked = |pair: &NackPair| 1 + u64::from(pair.lost_packets.count_ones());
        self.stats.nacks_in += nack.nacks.iter().map(asked).sum::<u64>();
        if peer.slots[at].ask_again(missing, pause, now) {
            self.mark_slot(index, at);
        } else {
            self.refresh_picture(index, ssrc, now);
        }
    }

    /// Asks the publisher behind a slot for a keyframe.
    fn refresh_picture(&mut self, index: usize, ssrc: u32, now: Instant) {
        let Some(slot) = self.peers[index].slot_by_ssrc(ssrc) else {
            return;
        };
        let Some(source) = slot.picture().filter(|_| slot.agreed.video) else {
            return;
        };
        let track = self.tracks.get_mut(source.track.index);
        if let Some(track) = track.filter(|track| track.id == source.track) {
            track.layers[source.layer].keyframes.want();
            self.schedule.at(Job::Keyframes, now);
        }
    }
}
