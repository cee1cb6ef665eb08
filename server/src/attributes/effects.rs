//! What attributes mean for the room, the page and admission.

use protocol::{PageSettings, Role, RoomKind};

use super::{Origin, Resolved};
use crate::{
    clock::UnixMillis,
    config::Secret,
    room::Claims,
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
}

impl Resolved {
    /// What somebody is to begin with.
    #[must_use]
    pub fn role(&self) -> Role {
        match (self.attributes.role, self.kind) {
            (Some(role), _) => role,
            (None, RoomKind::Webinar) if !self.attributes.it_is_participant => Role::Viewer,
            _ => Role::Participant,
        }
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
            id_by_address: self.source_of("peerId") == Origin::Url,
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
