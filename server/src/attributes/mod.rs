//! Attributes: everything that a room's address and a token can say.
//!
//! One table ([`schema`]) has every attribute; reading them, `/explain` and
//! `docs/URL_ATTRIBUTES.md` come from it. [`resolve()`] is pure: tenant, address
//! and time go in, what is in force comes out.
//!
//! Whether a token was used up, what an integrator's server says and who is in
//! the room already belong to admission.

mod effects;
mod markdown;
mod query;
mod raw;
mod reading;
mod report;
mod resolve;
mod schema;
mod tenant_share;

use protocol::{DisplayName, PeerId, Role, RoomId, RoomKind};
use serde::Serialize;
use url::Url;

use crate::{config::Secret, token::Moment};

pub use effects::Access;
pub use markdown::markdown;
pub use report::{Origin, Refused, Report};
pub use resolve::{QUERY_MAX, Resolved, resolve};
pub use schema::{Attribute, Rooms, SCHEMA, Sources};

/// A page's address, or what a `join` repeats of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Address<'a> {
    /// Which interface.
    pub kind: RoomKind,
    /// The room in the path, as it stands there.
    pub path_room: Option<&'a str>,
    /// The query, without `?`.
    pub query: &'a str,
    /// The Host header: the player of `video` is never a page of ours.
    pub host: Option<&'a str>,
}

/// The attributes in force.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attributes {
    /// `accessToken`
    pub access_token: Option<Secret>,
    /// `accessUrl`, by address or token; the tenant's own stands in the tenant.
    pub access_url: Option<Target>,
    /// `apiEvent`, likewise.
    pub api_event: Option<Target>,
    /// `authEvent`, likewise.
    pub auth_event: Option<Secret>,
    /// `authorizationAccess`, likewise.
    pub authorization_access: Option<Secret>,
    /// `autoplayWithoutAudioTrack`
    pub autoplay_without_audio_track: bool,
    /// `canRecord`
    pub can_record: bool,
    /// `controlsDisabled`
    pub controls_disabled: bool,
    /// `disableChat`
    pub disable_chat: bool,
    /// `displayName`
    pub display_name: Option<DisplayName>,
    /// `handEnabled`
    pub hand_enabled: bool,
    /// `hideIndicators`
    pub hide_indicators: bool,
    /// `itisparticipant`
    pub it_is_participant: bool,
    /// `lang`
    pub lang: Option<String>,
    /// `maxBroadcasters`, the tenant's limit included; 0 is no limit.
    pub max_broadcasters: u32,
    /// `maxWatchers`, the tenant's limit included; 0 is no limit.
    pub max_watchers: u32,
    /// `minimizeTiles`
    pub minimize_tiles: bool,
    /// `nameScreenDisabled`
    pub name_screen_disabled: bool,
    /// `peerId`
    pub peer_id: Option<PeerId>,
    /// `role`: moderator or interpreter.
    pub role: Option<Role>,
    /// `roomId`
    pub room_id: Option<RoomId>,
    /// `sortPeers`
    pub sort_peers: bool,
    /// `startWithFS`
    pub start_with_fs: bool,
    /// `token`
    pub token: Option<Secret>,
    /// `tokenLifetime`, in milliseconds.
    pub token_lifetime: Option<u64>,
    /// `video`: an https URL of another host.
    pub video: Option<String>,
    /// `waitingRoom`
    pub waiting_room: bool,
    /// `startTime`
    pub start_time: Option<Moment>,
    /// `iat`
    pub iat: Option<Moment>,
    /// `featureInterpreters`
    pub feature_interpreters: bool,
    /// `intLang`
    pub int_lang: Option<String>,
}

/// A URL that requests go to. Shown without what may be secret in it: path
/// and query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(pub Url);

impl Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_str(&format_args!("{}/…", self.0.origin().ascii_serialization()))
    }
}
