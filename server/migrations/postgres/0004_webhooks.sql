-- Who is in a room as far as integrators know: they were told of the join, or
-- will be, and not of the end. `receiver` is the URL that a token or an address
-- named, or '' for that of the tenant's settings. `lost` is set while the seat's
-- room has ended without them, by a crash or a restart, and they may come back.
CREATE TABLE webhook_seats (
    room_id      TEXT   COLLATE "C" NOT NULL,
    peer_id      TEXT   COLLATE "C" NOT NULL,
    seat_id      BIGINT NOT NULL,
    display_name TEXT   NOT NULL,
    receiver     TEXT   NOT NULL,
    "authorization" TEXT,
    lost         BIGINT,
    PRIMARY KEY (room_id, peer_id)
);
CREATE INDEX webhook_seats_lost ON webhook_seats (lost) WHERE lost IS NOT NULL;

-- What integrators are still to be told, in order, and what they could not be
-- told. A number of an identity is never used twice, and later ones are larger.
CREATE TABLE webhook_messages (
    seq        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    room_id    TEXT   COLLATE "C" NOT NULL,
    receiver   TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    "authorization" TEXT,
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'dead')),
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,
    died_at    BIGINT,
    reason     TEXT
);
-- the receiver is a URL of any length: only the room is indexed
CREATE INDEX webhook_messages_waiting ON webhook_messages (room_id, seq) WHERE state = 'waiting';
CREATE INDEX webhook_messages_dead ON webhook_messages (died_at) WHERE state = 'dead';
