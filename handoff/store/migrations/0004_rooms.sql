-- Rooms on networks where staff work on tickets.

-- +goose Up

-- gone: of what failed, that the message or thread it was about was deleted.
-- sent_id finds the delivery that a message of ours is, when somebody replies to it.
ALTER TABLE outbox ADD COLUMN gone SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_sent ON outbox (network, conversation, sent_id, id) WHERE sent_id <> '';

-- Where a note was written in a room; blank: elsewhere.
ALTER TABLE notes ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN message TEXT NOT NULL DEFAULT '';
CREATE INDEX notes_message ON notes (network, conversation, message, id) WHERE message <> '';

-- How far each room shows each ticket; see handoff.Card. place is where its talk
-- goes, blank until that is open. due: when it is looked at; saving the ticket makes
-- that at once; 0: never.
CREATE TABLE cards (
    network TEXT   NOT NULL,
    room    TEXT   NOT NULL,
    ticket  BIGINT NOT NULL REFERENCES tickets (id),
    place   TEXT   NOT NULL,
    made    BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    from_id TEXT   NOT NULL,
    shown   TEXT   NOT NULL,
    edits   BIGINT NOT NULL,
    problem TEXT   NOT NULL,
    due     BIGINT NOT NULL,
    PRIMARY KEY (network, room, ticket)
);
CREATE INDEX cards_due ON cards (network, room, due, ticket) WHERE due > 0;
CREATE INDEX cards_ticket ON cards (ticket);
CREATE INDEX cards_problem ON cards (network, room, problem) WHERE problem <> '';
CREATE INDEX cards_place ON cards (network, place, ticket) WHERE place <> '';

-- Which agent an account on a network is.
CREATE TABLE accounts (
    network TEXT NOT NULL,
    account TEXT NOT NULL,
    agent   TEXT NOT NULL REFERENCES agents (id),
    PRIMARY KEY (network, account)
);
