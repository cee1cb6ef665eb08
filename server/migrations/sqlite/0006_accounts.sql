-- Permanent tokens of integrators' backends. Of the secret only a hash is kept.
-- No tenant: good for all of them.
CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    tenant TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER
) STRICT;

-- People who log in. A password that somebody else made is good once and until
-- then; no time means that it is the user's own.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    tenant TEXT,
    password_hash TEXT NOT NULL,
    one_time_until INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- Logins: one row for each, with the number of the refresh token that counts.
CREATE TABLE logins (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logins_user_id ON logins (user_id);
CREATE INDEX logins_expires_at ON logins (expires_at);

-- That the first user was made: a row, once.
CREATE TABLE first_run (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    done_at INTEGER NOT NULL
) STRICT;
