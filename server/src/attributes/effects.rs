//! What attributes mean for the room, the page and admission.

use protocol::{PageSettings, Role, RoomKind};

use super::{Origin, Resolved};
use crate::{
    clock::UnixMillis,
    config::Secret,
    room::{Claims, IdBy},
    tenant::{Endpoint, Tenant},
    webhooks::{EventTarget, Receiver},
};

/// A question to an integrator's server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who is asked.
    pub endpoint: Endpoint,
    /// What is to be approved.
    pub token: Option<Secret>,
    /// Whether the tenant or a token says who is asked: an address could name
    /// anybody.
    pub is_trusted: bool,
}

impl Resolved {
    /// What somebody is to begin with. Who is signed to be a viewer is one on
    /// either interface: the client chooses which it opens.
    #[must_use]
    pub fn role(&self) -> Role {
        let may_watch = self.kind == RoomKind::Webinar || self.is_stage_signed();
        match self.attributes.role {
            Some(role) => role,
            None if may_watch && !self.attributes.it_is_participant => Role::Viewer,
            None => Role::Participant,
        }
    }

    fn is_stage_signed(&self) -> bool {
        self.source_of("itisparticipant") == Origin::Token
    }

    /// What the room is told. `ends_at` and `events` are left open: when a
    /// token was used first stands in the database, who is told of events may
    /// stand in the tenant.
    #[must_use]
    pub fn claims(&self) -> Claims {
        let all = &self.attributes;
        let role = self.role();
        Claims {
            role,
            stage_signed: self.is_stage_signed(),
            may_record: all.can_record && role == Role::Moderator,
            may_raise_hand: all.hand_enabled,
            may_chat: !all.disable_chat,
            may_rename: self.source_of("displayName") != Origin::Token,
            waiting_room: all.waiting_room,
            max_broadcasters: all.max_broadcasters,
            max_watchers: all.max_watchers,
            video: all.video.clone(),
            video_signed: self.source_of("video") == Origin::Token,
            language: all.int_lang.clone().filter(|_| role == Role::Interpreter),
            interpreters: all.feature_interpreters,
            id_by: match self.source_of("peerId") {
                Origin::Token => IdBy::Token,
                Origin::Url => IdBy::Address,
                _ => IdBy::Server,
            },
            token: self.token.as_ref().map(|token| token.hash),
            expires_at: self.token_expires_at(),
            ends_at: None,
            events: None,
            recorder: false,
            interface: self.kind,
        }
    }

    fn token_expires_at(&self) -> Option<UnixMillis> {
        let token = self.token.as_ref()?;
        token.expires_at.map(|end| end.0)
    }

    /// What the page is given; nothing without a room.
    #[must_use]
    pub fn page_settings(&self, tenant: &Tenant) -> Option<PageSettings> {
        let all = &self.attributes;
        Some(PageSettings {
            room_id: self.room()?.clone(),
            kind: self.kind,
            query: self.query.clone(),
            display_name: all.display_name.clone(),
            role: self.role(),
            token_ends_at: self.token_expires_at().map(UnixMillis::get),
            starts_at: all.start_time.map(|start| start.0.get()),
            refusal: self.refusal().cloned(),
            lang: all.lang.clone(),
            controls_disabled: all.controls_disabled,
            chat_disabled: all.disable_chat,
            hand_enabled: all.hand_enabled,
            hide_indicators: all.hide_indicators,
            sort_peers: all.sort_peers,
            minimize_tiles: all.minimize_tiles,
            name_screen_disabled: all.name_screen_disabled,
            start_full_screen: all.start_with_fs,
            autoplay_without_audio_track: all.autoplay_without_audio_track,
            embed_origins: tenant.embed_origins.clone(),
            brand: tenant.brand.clone(),
            recorded: false,
            recorder: false,
        })
    }

    /// Whom to ask whether somebody may enter. A tenant that requires tokens
    /// asks nobody. What the tenant sends to its own address goes to no other.
    #[must_use]
    pub fn access(&self, tenant: &Tenant) -> Option<Access> {
        if tenant.require_token {
            return None;
        }
        let all = &self.attributes;
        let given = all.authorization_access.clone();
        let endpoint = match &all.access_url {
            Some(target) => Endpoint {
                url: target.0.clone(),
                authorization: given,
            },
            None => {
                let own = tenant.access.clone()?;
                Endpoint {
                    authorization: given.or(own.authorization),
                    ..own
                }
            }
        };
        Some(Access {
            endpoint,
            token: all.access_token.clone(),
            is_trusted: self.source_of("accessUrl") != Origin::Url,
        })
    }

    /// Whom to tell of what this participant does.
    #[must_use]
    pub fn events(&self, tenant: &Tenant) -> Option<EventTarget> {
        let all = &self.attributes;
        let receiver = match &all.api_event {
            Some(target) => Receiver::Url(target.0.clone()),
            None if tenant.events.is_some() => Receiver::Tenant,
            None => return None,
        };
        Some(EventTarget {
            receiver,
            authorization: all.auth_event.clone(),
        })
    }
}
