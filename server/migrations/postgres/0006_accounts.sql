-- Permanent tokens of integrators' backends. Of the secret only a hash is kept.
-- No tenant: good for all of them.
CREATE TABLE api_tokens (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    tenant TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);

-- People who log in. A password that somebody else made is good once and until
-- then; no time means that it is the user's own.
CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    role TEXT NOT NULL,
    tenant TEXT,
    password_hash TEXT NOT NULL,
    one_time_until BIGINT,
    created_at BIGINT NOT NULL
);

-- Logins: one row for each, with the number of the refresh token that counts.
CREATE TABLE logins (
    id TEXT COLLATE "C" PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX logins_user_id ON logins (user_id);
CREATE INDEX logins_expires_at ON logins (expires_at);

-- That the first user was made: a row, once.
CREATE TABLE first_run (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    done_at BIGINT NOT NULL
);
