-- Who is in a room as far as integrators know: they were told of the join, or
-- will be, and not of the end. `receiver` is the URL that a token or an address
-- named, or '' for that of the tenant's settings. `lost` is set while the seat's
-- room has ended without them, by a crash or a restart, and they may come back.
CREATE TABLE webhook_seats (
    room_id      TEXT    NOT NULL,
    peer_id      TEXT    NOT NULL,
    seat_id      INTEGER NOT NULL,
    display_name TEXT    NOT NULL,
    receiver     TEXT    NOT NULL,
    "authorization" TEXT,
    lost         INTEGER,
    PRIMARY KEY (room_id, peer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_seats_lost ON webhook_seats (lost) WHERE lost IS NOT NULL;

-- What integrators are still to be told, in order, and what they could not be
-- told. AUTOINCREMENT: a number is never used twice, and later ones are larger.
CREATE TABLE webhook_messages (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    room_id    TEXT    NOT NULL,
    receiver   TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    "authorization" TEXT,
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'dead')),
    attempts   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    died_at    INTEGER,
    reason     TEXT
) STRICT;
CREATE INDEX webhook_messages_waiting ON webhook_messages (room_id, receiver, seq) WHERE state = 'waiting';
CREATE INDEX webhook_messages_dead ON webhook_messages (died_at) WHERE state = 'dead';
