-- The web chat, where we are the network and remember what was said.

-- +goose Up
CREATE TABLE web_sessions (
    id         TEXT   NOT NULL PRIMARY KEY,
    identity   TEXT   NOT NULL,             -- the site's id of the person; blank: anonymous
    last       BIGINT NOT NULL DEFAULT 0,   -- the last number given out for a position or version
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX web_sessions_identity ON web_sessions (identity) WHERE identity <> '';

-- The SHA-256 of what a browser shows to open its session.
CREATE TABLE web_keys (
    hash       TEXT   NOT NULL PRIMARY KEY,
    session    TEXT   NOT NULL REFERENCES web_sessions (id),
    created_at BIGINT NOT NULL
);

-- Each message as it reads now. A change gives it the next version, so that
-- whoever has seen everything up to a version finds the rest after it.
CREATE TABLE web_messages (
    session  TEXT     NOT NULL REFERENCES web_sessions (id),
    id       TEXT     NOT NULL,
    position BIGINT   NOT NULL,
    version  BIGINT   NOT NULL,
    key      TEXT     NOT NULL,             -- of what the team sent; else blank
    author   TEXT     NOT NULL,
    body     TEXT     NOT NULL,
    choices  TEXT     NOT NULL,
    used     TEXT     NOT NULL DEFAULT '',
    files    TEXT     NOT NULL,
    made_at  BIGINT   NOT NULL,
    edited   SMALLINT NOT NULL DEFAULT 0,
    deleted  SMALLINT NOT NULL DEFAULT 0,
    PRIMARY KEY (session, id)
);
CREATE UNIQUE INDEX web_messages_version ON web_messages (session, version);
CREATE UNIQUE INDEX web_messages_key ON web_messages (session, key) WHERE key <> '';

CREATE TABLE web_uploads (
    id      TEXT   NOT NULL PRIMARY KEY,
    session TEXT   NOT NULL REFERENCES web_sessions (id),
    hash    TEXT   NOT NULL,
    type    TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    message TEXT   NOT NULL DEFAULT ''      -- blank: it came with none so far
);
CREATE INDEX web_uploads_session ON web_uploads (session);
CREATE INDEX web_uploads_hash ON web_uploads (hash);
CREATE INDEX web_uploads_loose ON web_uploads (made_at) WHERE message = '';
