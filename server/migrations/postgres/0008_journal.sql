-- Who is in which room, and since when. `seen_at` grows with each heartbeat, so
-- that a crash is known to the half minute. `shift` is added to the server's
-- steady clock to give the times of the room. `receiver` is who hears of joining
-- and leaving: '' for the URL of the tenant's settings, or a URL that a token or
-- an address named; NULL is nobody. `lost` is set while the seat's room has ended
-- without them, by a crash or a restart, and they may come back.
CREATE TABLE seats (
    room_id      TEXT COLLATE "C" NOT NULL,
    peer_id      TEXT COLLATE "C" NOT NULL,
    seat_id      BIGINT NOT NULL,
    interface    TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    joined_at    BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    shift        BIGINT NOT NULL,
    receiver     TEXT,
    "authorization" TEXT,
    lost         BIGINT,
    PRIMARY KEY (room_id, peer_id)
);
CREATE INDEX seats_lost ON seats (lost) WHERE lost IS NOT NULL;

-- those of whom integrators know already: nothing is known of the visit itself
INSERT INTO seats
SELECT room_id, peer_id, seat_id, 'call', display_name, 'participant',
       CAST(extract(epoch FROM now()) AS BIGINT) * 1000,
       CAST(extract(epoch FROM now()) AS BIGINT) * 1000,
       0, receiver, "authorization", lost
FROM webhook_seats;
DROP TABLE webhook_seats;

-- Who was in which room, from when until when.
CREATE TABLE visits (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id      TEXT COLLATE "C" NOT NULL,
    peer_id      TEXT COLLATE "C" NOT NULL,
    interface    TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    joined_at    BIGINT NOT NULL,
    left_at      BIGINT NOT NULL
);
CREATE INDEX visits_room ON visits (room_id, left_at);
CREATE INDEX visits_left ON visits (left_at);

-- Who asked over REST to hear of events. `events` are names with spaces between
-- them. The secret stands in plain text because messages are signed with it.
CREATE TABLE webhook_subscriptions (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant     TEXT COLLATE "C" NOT NULL,
    url        TEXT    NOT NULL,
    events     TEXT    NOT NULL,
    secret     TEXT    NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_subscriptions_tenant ON webhook_subscriptions (tenant);
-- a hash: a URL may be longer than a sorted index takes
CREATE INDEX webhook_messages_receiver ON webhook_messages USING hash (receiver);
