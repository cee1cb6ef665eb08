//! The settings of a plain address, for pages whose server says nothing more.

use protocol::{Brand, PageSettings, Role, RoomId, RoomKind};

/// What an address says by itself.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// The room.
    pub(crate) room_id: RoomId,
    /// Which interface.
    pub(crate) kind: RoomKind,
    /// The query, without the question mark.
    pub(crate) query: String,
}

/// The defaults of every attribute.
pub(crate) fn plain_settings(address: Address) -> PageSettings {
    PageSettings {
        room_id: address.room_id,
        role: match address.kind {
            RoomKind::Call => Role::Participant,
            RoomKind::Webinar => Role::Viewer,
        },
        kind: address.kind,
        query: address.query,
        display_name: None,
        token_ends_at: None,
        starts_at: None,
        refusal: None,
        lang: None,
        controls_disabled: false,
        chat_disabled: false,
        hand_enabled: false,
        hide_indicators: false,
        sort_peers: false,
        minimize_tiles: false,
        name_screen_disabled: false,
        start_full_screen: false,
        autoplay_without_audio_track: false,
        embed_origins: Vec::new(),
        brand: Brand::default(),
        recorder: false,
        recorded: false,
    }
}
