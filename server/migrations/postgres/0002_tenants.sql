-- When a token with a lifetime was used first. `hash` is its SHA-256.
CREATE TABLE token_uses (
    hash          BYTEA  NOT NULL PRIMARY KEY,
    first_used_at BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL
);

-- Private rooms: what is asked for at their door. `pin_hash` is a PHC string.
CREATE TABLE room_pins (
    room_id    TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    pin_hash   TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
