//! What a page of a room is given with its HTML.

use serde::{Deserialize, Serialize};

use crate::{DisplayName, Role, RoomId, RoomKind, WireError};

/// What the server made of the page's address: the attributes that concern the
/// interface, resolved from token, URL, tenant and defaults. A convenience for
/// the interface: what may be done is decided again at `join`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSettings {
    /// The room.
    pub room_id: RoomId,
    /// Which interface.
    pub kind: RoomKind,
    /// The query of the address, for [`crate::Join::query`].
    pub query: String,
    /// The participant's name, when it is given and so not to be changed.
    pub display_name: Option<DisplayName>,
    /// What the participant will be.
    pub role: Role,
    /// When the token expires (`exp`): milliseconds since 1970-01-01 UTC.
    #[serde(default)]
    pub token_ends_at: Option<u64>,
    /// When the event starts: milliseconds since 1970-01-01 UTC.
    pub starts_at: Option<u64>,
    /// Why there is no way in, as far as is known before joining.
    pub refusal: Option<WireError>,
    /// The language that the address asks for: a BCP 47 tag.
    pub lang: Option<String>,
    /// The main controls are not shown; the embedding page has its own.
    pub controls_disabled: bool,
    /// There is no chat.
    pub chat_disabled: bool,
    /// Hands can be raised.
    pub hand_enabled: bool,
    /// Tiles show no name and no icons.
    pub hide_indicators: bool,
    /// Those with cameras come first.
    pub sort_peers: bool,
    /// As many tiles as possible on one screen.
    pub minimize_tiles: bool,
    /// No welcome screen; the embedding page says when to join.
    pub name_screen_disabled: bool,
    /// Starts in full screen.
    pub start_full_screen: bool,
    /// A webinar's viewer on iOS: sound by plain `play()`.
    pub autoplay_without_audio_track: bool,
    /// Pages on these origins may embed this one and drive it: `*`, origins, and
    /// origins with `*.` before the name; the same list as `frame-ancestors`.
    pub embed_origins: Vec<String>,
    /// What the tenant looks like.
    pub brand: Brand,
    /// The room is being recorded right now: to be said before joining.
    #[serde(default)]
    pub recorded: bool,
    /// The page is the recorder's own.
    #[serde(default)]
    pub recorder: bool,
}

/// What a tenant looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Brand {
    /// Its name, instead of Meetframe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its logo: an https URL or a path on this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Its accent colour: `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}
