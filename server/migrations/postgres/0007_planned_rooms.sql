-- What integrators planned for rooms, as JSON. Outlives those who are in them.
CREATE TABLE planned_rooms (
    tenant TEXT COLLATE "C" NOT NULL,
    room TEXT COLLATE "C" NOT NULL,
    plan TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (tenant, room)
);
CREATE INDEX planned_rooms_expires_at ON planned_rooms (expires_at) WHERE expires_at IS NOT NULL;

-- Answers to requests that may come again with the same key. `status` is missing
-- while the request is under way.
CREATE TABLE idempotency_keys (
    caller TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    status BIGINT,
    content_type TEXT,
    body BYTEA,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
