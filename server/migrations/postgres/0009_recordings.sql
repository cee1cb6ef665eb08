-- Recordings: what somebody asked for, of one room. Their ids are the names of
-- their folders.
CREATE TABLE recordings (
    id         TEXT    NOT NULL PRIMARY KEY,
    room_id    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('starting', 'recording', 'processing', 'ready', 'failed')),
    started_by TEXT    NOT NULL,
    created_at BIGINT NOT NULL,
    stopped_at BIGINT
);
CREATE INDEX recordings_room ON recordings (room_id, created_at);
CREATE INDEX recordings_open ON recordings (state) WHERE state IN ('starting', 'recording', 'processing');

-- What a browser recorded of a volume, from its start to its end. `at` is when
-- its first picture was taken.
CREATE TABLE recording_parts (
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    volume       BIGINT NOT NULL,
    part         BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    bytes        BIGINT,
    PRIMARY KEY (recording_id, volume, part)
);

-- The videos of recordings, one of each volume. Times of day and lengths are in
-- milliseconds, sizes in bytes, `frame_rate` in pictures in a thousand seconds.
CREATE TABLE recording_videos (
    id           BIGINT NOT NULL PRIMARY KEY,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    tenant       TEXT    NOT NULL,
    room_id      TEXT    NOT NULL,
    volume       BIGINT NOT NULL,
    name         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('processing', 'ready', 'failed')),
    created_at   BIGINT NOT NULL,
    duration     BIGINT,
    size         BIGINT,
    width        BIGINT,
    height       BIGINT,
    frame_rate   BIGINT,
    missing      BIGINT,
    UNIQUE (recording_id, volume)
);
CREATE INDEX recording_videos_tenant ON recording_videos (tenant, created_at);
