-- What integrators planned for rooms, as JSON. Outlives those who are in them.
CREATE TABLE planned_rooms (
    tenant     TEXT    NOT NULL,
    room       TEXT    NOT NULL,
    plan       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (tenant, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX planned_rooms_expires_at ON planned_rooms (expires_at) WHERE expires_at IS NOT NULL;

-- Answers to requests that may come again with the same key. `status` is missing
-- while the request is under way.
CREATE TABLE idempotency_keys (
    caller       TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    fingerprint  BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    status       INTEGER,
    content_type TEXT,
    body         BLOB,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
