-- Secrets that the server makes for itself and that must survive it.
CREATE TABLE server_keys (
    purpose    TEXT   NOT NULL PRIMARY KEY,
    secret     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL
);

-- Rooms with somebody in them. A row that is there at start was left by a
-- server that stopped while people were in the room.
CREATE TABLE rooms (
    id         TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL
);

-- The chat of these rooms. It ends with the room.
CREATE TABLE chat_messages (
    room_id      TEXT   COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    id           BIGINT NOT NULL,
    peer_id      TEXT   NOT NULL,
    display_name TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    nonce        TEXT   NOT NULL,
    sent_at      BIGINT NOT NULL,
    PRIMARY KEY (room_id, id)
);
