-- Recordings: what somebody asked for, of one room. Their ids are the names of
-- their folders.
CREATE TABLE recordings (
    id         TEXT    NOT NULL PRIMARY KEY,
    room_id    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('starting', 'recording', 'processing', 'ready', 'failed')),
    started_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    stopped_at INTEGER
) STRICT;
CREATE INDEX recordings_room ON recordings (room_id, created_at);
CREATE INDEX recordings_open ON recordings (state) WHERE state IN ('starting', 'recording', 'processing');

-- What a browser recorded of a volume, from its start to its end. `at` is when
-- its first picture was taken.
CREATE TABLE recording_parts (
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    volume       INTEGER NOT NULL,
    part         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    bytes        INTEGER,
    PRIMARY KEY (recording_id, volume, part)
) STRICT;

-- The videos of recordings, one of each volume. Times of day and lengths are in
-- milliseconds, sizes in bytes, `frame_rate` in pictures in a thousand seconds.
CREATE TABLE recording_videos (
    id           INTEGER NOT NULL PRIMARY KEY,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    tenant       TEXT    NOT NULL,
    room_id      TEXT    NOT NULL,
    volume       INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('processing', 'ready', 'failed')),
    created_at   INTEGER NOT NULL,
    duration     INTEGER,
    size         INTEGER,
    width        INTEGER,
    height       INTEGER,
    frame_rate   INTEGER,
    missing      INTEGER,
    UNIQUE (recording_id, volume)
) STRICT;
CREATE INDEX recording_videos_tenant ON recording_videos (tenant, created_at);
