-- Rooms on networks where staff work on tickets.

-- +goose Up

-- gone: of what failed, that the message or thread it was about was deleted.
-- sent_id finds the delivery that a message of ours is, when somebody replies to it.
ALTER TABLE outbox ADD COLUMN gone SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_sent ON outbox (network, conversation, sent_id, id) WHERE sent_id <> '';

-- How far each room shows each ticket; see handoff.Card. place is where its talk
-- goes, blank until that is open. due: when it is looked at again though the ticket
-- has not changed; 0: never.
CREATE TABLE cards (
    network TEXT   NOT NULL,
    room    TEXT   NOT NULL,
    ticket  BIGINT NOT NULL REFERENCES tickets (id),
    place   TEXT   NOT NULL,
    made    BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    shown   TEXT   NOT NULL,
    edits   BIGINT NOT NULL,
    problem TEXT   NOT NULL,
    due     BIGINT NOT NULL,
    PRIMARY KEY (network, room, ticket)
);
CREATE INDEX cards_due ON cards (network, room, due, ticket) WHERE due > 0;
CREATE INDEX cards_place ON cards (network, place) WHERE place <> '';

-- Which agent an account on a network is.
CREATE TABLE accounts (
    network TEXT NOT NULL,
    account TEXT NOT NULL,
    agent   TEXT NOT NULL REFERENCES agents (id),
    PRIMARY KEY (network, account)
);
