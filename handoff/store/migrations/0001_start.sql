-- One text for SQLite and PostgreSQL: ids are text (UUIDv7, so their order is
-- the order of creation), times are milliseconds since 1970 UTC (0: none),
-- booleans are 0 or 1, lists and records are JSON in TEXT.
--
-- inbox and outbox are queues: one line for each conversation. head = 1 marks
-- the first pending row of a line; only heads can be taken, so taking costs
-- the same however long the lines are (see queue.go).

-- +goose Up
CREATE TABLE inbox (
    id           TEXT     NOT NULL PRIMARY KEY,
    network      TEXT     NOT NULL,
    conversation TEXT     NOT NULL,
    event        TEXT     NOT NULL,
    message      TEXT     NOT NULL,           -- blank once handled: the words live in entries
    received_at  BIGINT   NOT NULL,
    state        TEXT     NOT NULL,           -- pending, handled
    head         SMALLINT NOT NULL,
    ready_at     BIGINT   NOT NULL,           -- due, or the end of the lease
    attempt      BIGINT   NOT NULL DEFAULT 0,
    handled_at   BIGINT   NOT NULL DEFAULT 0,
    UNIQUE (network, event)
);
CREATE INDEX inbox_ready ON inbox (network, ready_at, id) WHERE head = 1;
CREATE INDEX inbox_line ON inbox (network, conversation, id) WHERE state = 'pending';
CREATE INDEX inbox_handled ON inbox (handled_at) WHERE handled_at > 0;

CREATE TABLE outbox (
    id           TEXT     NOT NULL PRIMARY KEY,
    key          TEXT     NOT NULL UNIQUE,
    network      TEXT     NOT NULL,
    conversation TEXT     NOT NULL,
    thread       TEXT     NOT NULL,
    ticket       BIGINT   NOT NULL,
    class        TEXT     NOT NULL,
    op           TEXT     NOT NULL,
    outbound     TEXT     NOT NULL,
    target       TEXT     NOT NULL,
    state        TEXT     NOT NULL,           -- outbox.State
    created_at   BIGINT   NOT NULL,
    due          BIGINT   NOT NULL,
    head         SMALLINT NOT NULL,
    ready_at     BIGINT   NOT NULL,           -- due, or the end of the lease
    leased       SMALLINT NOT NULL DEFAULT 0, -- taken, and the attempt's end not recorded
    attempt      BIGINT   NOT NULL DEFAULT 0,
    uncertain    BIGINT   NOT NULL DEFAULT 0,
    sent_id      TEXT     NOT NULL DEFAULT '',
    error        TEXT     NOT NULL DEFAULT ''
);
CREATE INDEX outbox_ready ON outbox (network, ready_at, id) WHERE head = 1;
CREATE INDEX outbox_line ON outbox (network, conversation, id) WHERE state = 'pending';
CREATE INDEX outbox_failed ON outbox (network) WHERE state = 'failed';
CREATE INDEX outbox_thread ON outbox (thread, created_at, id);

CREATE TABLE threads (
    id           TEXT     NOT NULL PRIMARY KEY,
    network      TEXT     NOT NULL,
    conversation TEXT     NOT NULL,
    person       TEXT     NOT NULL,
    private      SMALLINT NOT NULL,
    language     TEXT     NOT NULL,
    article      TEXT     NOT NULL,
    ticket       BIGINT   NOT NULL,
    last_message TEXT     NOT NULL,
    unanswered   BIGINT   NOT NULL,
    due          BIGINT   NOT NULL,
    acknowledged BIGINT   NOT NULL,
    updated_at   BIGINT   NOT NULL
);
CREATE INDEX threads_due ON threads (due, id) WHERE due > 0;

CREATE TABLE tickets (
    id             BIGINT   NOT NULL PRIMARY KEY,
    thread         TEXT     NOT NULL,
    network        TEXT     NOT NULL,
    conversation   TEXT     NOT NULL,
    person         TEXT     NOT NULL,
    private        SMALLINT NOT NULL,
    language       TEXT     NOT NULL,
    reason         TEXT     NOT NULL,
    article        TEXT     NOT NULL,
    reply_to       TEXT     NOT NULL,
    state          TEXT     NOT NULL,
    claimed_by     TEXT     NOT NULL,
    claimed_until  BIGINT   NOT NULL,
    opened_at      BIGINT   NOT NULL,
    queued_at      BIGINT   NOT NULL,
    first_reply_at BIGINT   NOT NULL,
    solved_at      BIGINT   NOT NULL,
    solved_by      TEXT     NOT NULL,
    reopened       BIGINT   NOT NULL,
    rating         BIGINT   NOT NULL,
    updated_at     BIGINT   NOT NULL
);
CREATE INDEX tickets_queue ON tickets (state, queued_at, id);
CREATE INDEX tickets_recent ON tickets (state, updated_at, id);
CREATE INDEX tickets_queued ON tickets (queued_at, id);
CREATE INDEX tickets_updated ON tickets (updated_at, id);
CREATE INDEX tickets_replied ON tickets (first_reply_at, id) WHERE first_reply_at > 0;

CREATE TABLE entries (
    id          TEXT   NOT NULL PRIMARY KEY,
    key         TEXT   NOT NULL,
    thread      TEXT   NOT NULL,
    ticket      BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    agent       TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    attachments TEXT   NOT NULL,
    redacted    TEXT   NOT NULL,
    delivery    TEXT   NOT NULL,
    made_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX entries_key ON entries (key) WHERE key <> '';
CREATE INDEX entries_thread ON entries (thread, id);

-- Notes are a table of their own, so that nothing which reads entries can
-- come upon one.
CREATE TABLE notes (
    id      TEXT   NOT NULL PRIMARY KEY,
    key     TEXT   NOT NULL,
    ticket  BIGINT NOT NULL REFERENCES tickets (id),
    agent   TEXT   NOT NULL,
    body    TEXT   NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notes_key ON notes (key) WHERE key <> '';
CREATE INDEX notes_ticket ON notes (ticket, id);

CREATE TABLE events (
    id      TEXT   NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    agent   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    ticket  BIGINT NOT NULL,
    detail  TEXT   NOT NULL
);
CREATE INDEX events_ticket ON events (ticket, id);

CREATE TABLE agents (
    id         TEXT     NOT NULL PRIMARY KEY,
    role       TEXT     NOT NULL,
    disabled   SMALLINT NOT NULL,
    created_at BIGINT   NOT NULL
);

CREATE TABLE tokens (
    kind       TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    agent      TEXT   NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (kind, hash)
);
CREATE INDEX tokens_agent ON tokens (agent);

-- The last number given out for each name.
CREATE TABLE counters (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('ticket', 0);

-- How far each place of a network was received, for networks that do not keep
-- what was not acknowledged.
CREATE TABLE marks (
    network TEXT NOT NULL,
    place   TEXT NOT NULL,
    mark    TEXT NOT NULL,
    PRIMARY KEY (network, place)
);
