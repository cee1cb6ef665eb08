//! The table of all attributes.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Attributes,
    raw::{Bad, Raw, Rules},
};

/// Where an attribute may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sources {
    /// In the address only.
    Url,
    /// In a token only; in an address it is ignored.
    Token,
    /// In both; the token wins.
    Both,
}

/// Which interface an attribute concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rooms {
    /// `/call/` and `/webinar/`.
    Both,
    /// `/webinar/`.
    Webinar,
}

/// One attribute.
pub struct Attribute {
    /// Its name, in the address and in the token.
    pub name: &'static str,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// Where it may be given.
    pub sources: Sources,
    /// What its value may be, in words.
    pub kind: &'static str,
    /// What holds when nobody gives it, in words.
    pub default: &'static str,
    /// Which interface it concerns.
    pub rooms: Rooms,
    /// In an address it counts only where the tenant has `debug_attributes`.
    pub debug_only: bool,
    /// Never shown.
    pub secret: bool,
    /// What it does.
    pub summary: &'static str,
    pub(super) access: Entry,
}

/// How a value gets into [`Attributes`], and how it is shown.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// Gives false when the value is as good as none.
    pub(super) set: fn(&mut Attributes, Raw<'_>, &Rules<'_>) -> Result<bool, Bad>,
    pub(super) show: fn(&Attributes) -> Value,
}

impl Attribute {
    /// The name and all other spellings.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

macro_rules! entry {
    ($field:ident, $read:ident) => {
        Entry {
            set: |all, raw, rules| match raw.$read(rules)? {
                Some(value) => {
                    all.$field = value.into();
                    Ok(true)
                }
                None => Ok(false),
            },
            show: |all| json!(all.$field),
        }
    };
}

/// A row without peculiarities: the rest is changed where it differs.
const fn row(name: &'static str, access: Entry, summary: &'static str) -> Attribute {
    Attribute {
        name,
        aliases: &[],
        sources: Sources::Both,
        kind: "true or false",
        default: "false",
        rooms: Rooms::Both,
        debug_only: false,
        secret: false,
        summary,
        access,
    }
}

const fn with_url_only(mut row: Attribute) -> Attribute {
    row.sources = Sources::Url;
    row
}

/// A flag of the page, which stands in the address alone.
const fn of_page(name: &'static str, access: Entry, summary: &'static str) -> Attribute {
    with_url_only(row(name, access, summary))
}

const fn token_only(mut row: Attribute) -> Attribute {
    row.sources = Sources::Token;
    row
}

const fn typed(mut row: Attribute, kind: &'static str, default: &'static str) -> Attribute {
    row.kind = kind;
    row.default = default;
    row
}

const fn secret(mut row: Attribute) -> Attribute {
    row.secret = true;
    row
}

const fn debug(mut row: Attribute) -> Attribute {
    row.debug_only = true;
    row
}

const fn webinar(mut row: Attribute) -> Attribute {
    row.rooms = Rooms::Webinar;
    row
}

const fn also(mut row: Attribute, aliases: &'static [&'static str]) -> Attribute {
    row.aliases = aliases;
    row
}

/// All attributes.
pub static SCHEMA: [Attribute; 31] = [
    typed(
        also(
            row(
                "roomId",
                entry!(room_id, room),
                "The room. Also as the last part of the path: `/call/ROOM`. `/call/` and `/webinar/` of one roomId are one room with two interfaces. A token's roomId binds the token to that room. An id that begins with the name of a server, such as `serv1room`, is an id like any other: there is one server, and the prefix chooses none.",
            ),
            &[],
        ),
        "1 to 128 letters, digits, `-` and `_`",
        "none; it must be given",
    ),
    with_url_only(secret(typed(
        row(
            "token",
            entry!(token, token),
            "Signed attributes: a JWT, HS256 or RS256. They win over the same attributes of the address.",
        ),
        "JWT of at most 8 KB",
        "none",
    ))),
    typed(
        row(
            "tokenLifetime",
            entry!(token_lifetime, millis),
            "How long the token lasts, counted from the first connection with it. Afterwards nobody can connect with it again, and its page says so. Without a token it does nothing. An address may give it as well: the first one to connect with the token decides for all who have it, so sign it where that matters.",
        ),
        "milliseconds",
        "none; the token lasts until its `exp`, or for ever",
    ),
    token_only(typed(
        row(
            "startTime",
            entry!(start_time, moment),
            "When the event starts. Before that nobody gets in with this token; the page shows the start and enters by itself when it comes.",
        ),
        "ISO 8601, or seconds or milliseconds since 1970 (UTC)",
        "none",
    )),
    token_only(typed(
        row(
            "iat",
            entry!(iat, moment),
            "When the token was made. Shown by `/explain`; decides nothing.",
        ),
        "seconds or milliseconds since 1970, or ISO 8601 (UTC)",
        "none",
    )),
    token_only(typed(
        row(
            "role",
            entry!(role, role),
            "A privileged role. A moderator leads the room and is on stage in webinars, too; an interpreter has a microphone and no camera.",
        ),
        "`moderator` or `interpreter`",
        "none: a participant, or in a webinar a viewer",
    )),
    also(
        typed(
            row(
                "peerId",
                entry!(peer_id, peer),
                "The integrator's id of the participant. One session per id: a newer one replaces the older, which is told so.",
            ),
            "text of 1 to 128 characters",
            "made by the server: a random UUID",
        ),
        &["peerID"],
    ),
    typed(
        row(
            "displayName",
            entry!(display_name, name),
            "The participant's name. When it is given it cannot be changed in the page; the \
         embedding page may change it, unless a token has signed it.",
        ),
        "text; more than 80 characters are cut off",
        "none; the participant is asked",
    ),
    row(
        "itisparticipant",
        entry!(it_is_participant, flag),
        "In a webinar: participant (true) or viewer (false). Signed as false it makes a viewer on `/call/` as well, since everybody can open either interface; signed as true it brings a viewer on stage who is in the room already. In an address it counts for the first time that somebody comes.",
    ),
    row(
        "handEnabled",
        entry!(hand_enabled, flag),
        "The participant can raise a hand.",
    ),
    token_only(row(
        "waitingRoom",
        entry!(waiting_room, flag),
        "Switches the room's waiting room on: who comes waits until a moderator lets them in.",
    )),
    token_only(row(
        "canRecord",
        entry!(can_record, flag),
        "The moderator may start and stop recordings.",
    )),
    typed(
        row(
            "maxBroadcasters",
            entry!(max_broadcasters, number),
            "Most people with camera or microphone on at once. In force is the smallest value above 0 of those that people on stage bring, of the tenant's own, and of the one that the room was planned with; what viewers bring binds nobody. It counts also where it stands unsigned in the address of one of those on stage: sign addresses, or require tokens, where people could play with that. Moderators count and are never refused: a room must not shut out whoever leads it, least of all by a number in somebody's address.",
        ),
        "number, 0 for no limit",
        "0",
    ),
    typed(
        row(
            "maxWatchers",
            entry!(max_watchers, number),
            "Most people with a tile at once. The smallest value above 0 is in force, as with `maxBroadcasters`, also where it stands unsigned in the address of one of those on stage. Moderators need a place as well.",
        ),
        "number, 0 for no limit",
        "0",
    ),
    typed(
        row(
            "video",
            entry!(video, player),
            "An external player that everybody in the room is shown for joint viewing.",
        ),
        "https URL of another host",
        "none",
    ),
    with_url_only(typed(
        row(
            "lang",
            entry!(lang, language),
            "The language of the page; without it the browser's languages decide. One that is not there gives English.",
        ),
        "language tag such as `de`",
        "none",
    )),
    of_page(
        "nameScreenDisabled",
        entry!(name_screen_disabled, flag),
        "Skips the welcome screen; the embedding page calls `join`.",
    ),
    of_page(
        "controlsDisabled",
        entry!(controls_disabled, flag),
        "Hides the main controls; the embedding page has its own.",
    ),
    also(
        of_page(
            "disableChat",
            entry!(disable_chat, flag),
            "No chat for this participant: the button cannot be clicked.",
        ),
        &["disbleChat"],
    ),
    of_page(
        "hideIndicators",
        entry!(hide_indicators, flag),
        "Hides names and icons on tiles.",
    ),
    of_page(
        "minimizeTiles",
        entry!(minimize_tiles, flag),
        "As many tiles as possible on one screen, without scrolling.",
    ),
    of_page(
        "sortPeers",
        entry!(sort_peers, flag),
        "Those with cameras on come first.",
    ),
    of_page(
        "startWithFS",
        entry!(start_with_fs, flag),
        "Starts in full screen, with the one click that browsers demand.",
    ),
    webinar(of_page(
        "autoplayWithoutAudioTrack",
        entry!(autoplay_without_audio_track, flag),
        "For viewers on iOS: never asks for the microphone and plays sound with plain `play()`. It is read and shown by `/explain`, and makes no difference on this page: a viewer's page always does so. It opens no device unless it has one to send, and where the browser holds sound back it shows a button, whose click plays it.",
    )),
    token_only(row(
        "featureInterpreters",
        entry!(feature_interpreters, flag),
        "Switches language interpretation on.",
    )),
    token_only(typed(
        row(
            "intLang",
            entry!(int_lang, language),
            "The language that an interpreter speaks.",
        ),
        "language tag such as `de`",
        "none",
    )),
    secret(typed(
        row(
            "accessToken",
            entry!(access_token, secret),
            "A one-time token that the integrator's `accessUrl` must approve before the participant enters. Refused where the tenant requires tokens.",
        ),
        "text of at most 4 KB",
        "none",
    )),
    debug(typed(
        row(
            "accessUrl",
            entry!(access_url, target),
            "Where the server asks whether the participant may enter: see [ACCESS.md](ACCESS.md).",
        ),
        "https URL",
        "the tenant's `access_url`",
    )),
    secret(debug(typed(
        row(
            "authorizationAccess",
            entry!(authorization_access, header),
            "The `Authorization` header of that question. The tenant's own is sent to the tenant's own address only.",
        ),
        "value of a header",
        "the tenant's `access_authorization`",
    ))),
    debug(typed(
        row(
            "apiEvent",
            entry!(api_event, target),
            "Where the server sends events to.",
        ),
        "https URL",
        "the tenant's `event_url`",
    )),
    secret(debug(typed(
        row(
            "authEvent",
            entry!(auth_event, header),
            "The `Authorization` header of events. The tenant's own is sent to the tenant's own address only.",
        ),
        "value of a header",
        "the tenant's `event_authorization`",
    ))),
];
