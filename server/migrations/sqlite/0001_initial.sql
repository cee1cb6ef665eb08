-- Secrets that the server makes for itself and that must survive it.
CREATE TABLE server_keys (
    purpose    TEXT    NOT NULL PRIMARY KEY,
    secret     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Rooms with somebody in them. A row that is there at start was left by a
-- server that stopped while people were in the room.
CREATE TABLE rooms (
    id         TEXT    NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

-- The chat of these rooms. It ends with the room.
CREATE TABLE chat_messages (
    room_id      TEXT    NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    id           INTEGER NOT NULL,
    peer_id      TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    nonce        TEXT    NOT NULL,
    sent_at      INTEGER NOT NULL,
    PRIMARY KEY (room_id, id)
) STRICT, WITHOUT ROWID;
