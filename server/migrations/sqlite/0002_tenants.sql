-- A room belongs to a tenant: its id is "tenant/room" from now on, and rooms
-- from before belong to the default tenant.
PRAGMA defer_foreign_keys = ON;
UPDATE chat_messages SET room_id = '*/' || room_id;
UPDATE rooms SET id = '*/' || id;

-- When a token with a lifetime was used first. `hash` is its SHA-256.
CREATE TABLE token_uses (
    hash          BLOB    NOT NULL PRIMARY KEY,
    first_used_at INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL
) STRICT;

-- Private rooms: what is asked for at their door. `pin_hash` is a PHC string.
CREATE TABLE room_pins (
    room_id    TEXT    NOT NULL PRIMARY KEY,
    pin_hash   TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
