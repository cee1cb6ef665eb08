//! What the server is told: compares what is so with what it was told last.

use std::time::Duration;

use protocol::{
    ClientMessage, DisplayName, Join, MediaState, PROTOCOL_VERSION, Resume, Source, TrackRef, View,
    ViewTile,
};

use super::{Effect, Session, link::Request};
use crate::Moment;

/// A view changes often while a window is resized: the first change is told at
/// once, and then the last one of each such time.
const VIEW_PERIOD: Duration = Duration::from_millis(100);

/// A name changes with each letter that is typed, and everybody is told.
const NAME_PERIOD: Duration = Duration::from_secs(1);

/// How large a picture is wanted that is not seen, in pixels.
const GLANCE: (u32, u32) = (640, 360);

/// When the server had too much at once, it is told what it refused after this.
const REST: Duration = Duration::from_secs(1);

pub(super) const SOURCES: [Source; 4] = [
    Source::Microphone,
    Source::Camera,
    Source::Screen,
    Source::ScreenAudio,
];

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// What is seen.
    seen: Vec<ViewTile>,
    /// What is wanted besides.
    glances: Vec<TrackRef>,
    /// Both.
    view: View,
    told_view: Option<View>,
    view_due: Option<Duration>,
    /// When a view may be told again.
    view_rests: Duration,
    /// By source; none is unknown.
    told_media: [Option<bool>; SOURCES.len()],
    told_name: Option<DisplayName>,
    name_due: Option<Duration>,
    /// When a name may be told again.
    name_rests: Duration,
    /// The server had too much: no change is told before.
    rests_until: Option<Duration>,
}

impl Outgoing {
    pub(super) fn deadline(&self, up: bool) -> Option<Duration> {
        let changes = [self.view_due, self.name_due].into_iter().flatten().min();
        self.rests_until.or(changes).filter(|_| up)
    }

    /// The server knows nothing but what `join` said.
    pub(super) fn joined_with(&mut self, media: MediaState, name: DisplayName) {
        self.told_view = Some(View::default());
        self.view_due = Some(Duration::ZERO);
        self.told_media = SOURCES.map(|source| Some(media.is_on(source)));
        self.told_name = Some(name);
        self.name_due = None;
        self.rests_until = None;
    }

    /// The server was told that this is on.
    pub(super) fn has_told(&self, source: Source) -> bool {
        let mut told = SOURCES.iter().zip(self.told_media);
        told.any(|(place, on)| *place == source && on == Some(true))
    }

    /// The server has this name, by its own decision.
    pub(super) fn name_is(&mut self, name: DisplayName) {
        self.told_name = Some(name);
    }

    /// The name that the server has, for all that is known.
    pub(super) fn told_name(&self) -> Option<&DisplayName> {
        self.told_name.as_ref()
    }

    /// The server refused this for coming too fast.
    pub(super) fn too_fast(&mut self, request: &Request, at: Moment) {
        self.unanswered(request);
        self.rests_until = Some(at.now.saturating_add(REST));
    }

    fn take_name(&mut self, name: &DisplayName, at: Moment) -> Option<DisplayName> {
        let news = self.told_name.as_ref() != Some(name);
        self.name_due = (news && at.now < self.name_rests).then_some(self.name_rests);
        if !news || self.name_due.is_some() {
            return None;
        }
        self.told_name = Some(name.clone());
        self.name_rests = at.now.saturating_add(NAME_PERIOD);
        Some(name.clone())
    }

    fn is_resting(&mut self, at: Moment) -> bool {
        self.rests_until.take_if(|until| at.now >= *until);
        self.rests_until.is_some()
    }

    /// Nobody knows whether the server heard this.
    pub(super) fn unanswered(&mut self, request: &Request) {
        match request {
            Request::View => {
                self.told_view = None;
                self.view_due = Some(Duration::ZERO);
            }
            Request::Media { source, .. } => {
                let places = SOURCES.iter().zip(&mut self.told_media);
                places
                    .filter(|(place, _)| *place == source)
                    .for_each(|(_, told)| *told = None);
            }
            Request::DisplayName => {
                self.told_name = None;
                self.name_rests = Duration::ZERO;
            }
            _ => {}
        }
    }

    fn wanted_tiles(&self) -> Vec<ViewTile> {
        let is_seen = |track: &&TrackRef| !self.seen.iter().any(|tile| tile.track == **track);
        let glances = self.glances.iter().filter(is_seen).map(|track| ViewTile {
            track: track.clone(),
            width: GLANCE.0,
            height: GLANCE.1,
        });
        self.seen.iter().cloned().chain(glances).collect()
    }

    fn take_view(&mut self, at: Moment) -> Option<View> {
        self.view_due.take_if(|due| at.now >= *due)?;
        if self.told_view.as_ref() == Some(&self.view) {
            return None;
        }
        self.told_view = Some(self.view.clone());
        self.view_rests = at.now.saturating_add(VIEW_PERIOD);
        Some(self.view.clone())
    }
}

impl Session {
    pub(super) fn set_view(&mut self, mut tiles: Vec<ViewTile>, at: Moment) {
        let me = self.model.me.as_ref();
        tiles.retain(|tile| me != Some(&tile.track.peer));
        self.outgoing.seen = tiles;
        self.want_view(at);
    }

    /// Has these tracks sent besides what is seen.
    pub(super) fn glance(&mut self, tracks: Vec<TrackRef>, at: Moment) {
        self.outgoing.glances = tracks;
        self.want_view(at);
    }

    fn want_view(&mut self, at: Moment) {
        let outgoing = &mut self.outgoing;
        let tiles = outgoing.wanted_tiles();
        if tiles != outgoing.view.tiles {
            outgoing.view.tiles = tiles;
            let due = outgoing.view_rests.max(at.now);
            outgoing.view_due.get_or_insert(due);
        }
        self.want_videos();
    }

    /// Has a slot for each tile, as far as the server allows.
    pub(super) fn want_videos(&mut self) {
        let count = u32::try_from(self.outgoing.view.tiles.len()).unwrap_or(u32::MAX);
        self.transport.want_videos(count, &mut self.effects);
    }

    /// The first message of a socket.
    pub(super) fn socket_opened(&mut self, socket: u32) {
        if !self.link.is_current(socket) {
            return;
        }
        let hello = match &self.seat {
            Some(seat) if seat.resumable => ClientMessage::Resume(Resume {
                version: PROTOCOL_VERSION,
                room_id: self.config.room_id.clone(),
                ticket: seat.ticket.clone(),
                last_event: seat.last_event,
            }),
            _ => ClientMessage::Join(self.join_message()),
        };
        self.send(hello, Request::Hello);
    }

    fn join_message(&mut self) -> Join {
        let devices = &self.model.devices;
        let join = Join {
            version: PROTOCOL_VERSION,
            room_id: self.config.room_id.clone(),
            query: self.config.query.clone(),
            pin: self.pin.clone(),
            kind: self.config.kind,
            peer_id: self.config.peer_id.clone().or(self.model.me.clone()),
            display_name: devices.display_name.clone(),
            media: devices.media,
            ticket: self.seat.as_ref().map(|seat| seat.ticket.clone()),
            recorder: self.config.recorder.clone(),
        };
        self.outgoing
            .joined_with(join.media, join.display_name.clone());
        join
    }

    /// Tells the server all that it does not know yet.
    pub(super) fn tell(&mut self, at: Moment) {
        if !self.link.is_up() {
            return;
        }
        if let Some(offer) = self.transport.take_offer(at) {
            let connection = offer.connection;
            self.send(ClientMessage::Offer(offer), Request::Offer { connection });
        }
        if !self.outgoing.is_resting(at) {
            self.tell_changes(at);
        }
        while let Some(wish) = self.wishes.take() {
            self.send(wish.message.clone(), Request::Wish(wish));
        }
        while let Some((text, nonce)) = self.chat.take_unsent() {
            let request = Request::Chat {
                nonce: nonce.clone(),
            };
            self.send(ClientMessage::Chat { text, nonce }, request);
        }
    }

    fn tell_changes(&mut self, at: Moment) {
        if let Some(view) = self.outgoing.take_view(at) {
            self.send(ClientMessage::SetView(view), Request::View);
        }
        self.tell_media();
        self.tell_language();
        let name = &self.model.devices.display_name;
        if let Some(display_name) = self.outgoing.take_name(name, at) {
            self.send(
                ClientMessage::SetDisplayName { display_name },
                Request::DisplayName,
            );
        }
    }

    fn tell_media(&mut self) {
        // the devices' state is shown after this; ask them now
        self.inputs.show(&mut self.model.devices);
        let media = self.model.devices.media;
        for (index, source) in SOURCES.into_iter().enumerate() {
            let on = media.is_on(source);
            if self.outgoing.told_media[index] != Some(on) {
                self.outgoing.told_media[index] = Some(on);
                self.send(
                    ClientMessage::SetMedia { source, on },
                    Request::Media { source, on },
                );
            }
        }
    }

    pub(super) fn send(&mut self, message: ClientMessage, request: Request) {
        let frame = self.link.frame(message, request);
        self.effects.push(Effect::Send(frame));
    }
}
