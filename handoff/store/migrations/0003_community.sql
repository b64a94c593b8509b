-- +goose Up

-- What is known of the message itself, so that an edit finds the message that
-- waits and a late original is known to be stale. ref is the network's id of the
-- message, '' for a pressed button; change is '', edited or deleted.
ALTER TABLE inbox ADD COLUMN ref TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN change TEXT NOT NULL DEFAULT '';
CREATE INDEX inbox_changes ON inbox (network, conversation, ref) WHERE change <> '';
CREATE INDEX inbox_ref ON inbox (network, conversation, ref, id) WHERE state = 'pending' AND ref <> '';

-- Whose turn comes first when several lines are ready: 0 is first. of_key is the
-- delivery that an edit or a deletion is of.
ALTER TABLE outbox ADD COLUMN priority SMALLINT NOT NULL DEFAULT 2;
ALTER TABLE outbox ADD COLUMN of_key TEXT NOT NULL DEFAULT '';
UPDATE outbox SET priority = CASE class WHEN 'reply' THEN 0 WHEN 'notice' THEN 1 ELSE 2 END WHERE state = 'pending';
DROP INDEX outbox_ready;
CREATE INDEX outbox_ready ON outbox (network, priority, ready_at, id) WHERE head = 1;

ALTER TABLE threads ADD COLUMN question TEXT NOT NULL DEFAULT '';
ALTER TABLE threads ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX threads_waiting ON threads (network, conversation, due, id) WHERE due > 0;

-- conversation and message: where an asker's entry stands on its network.
-- earlier: what it read before it was edited, in JSON. revision: the outbox key
-- of the newest edit or deletion of an agent's reply.
ALTER TABLE entries ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN earlier TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN revision TEXT NOT NULL DEFAULT '';
CREATE INDEX entries_message ON entries (network, conversation, message, id) WHERE message <> '';

-- Attachments of entries; their bytes are files beside the database, named by
-- hash (see package files). A queue of its own: pending and forgetting rows are
-- work.
CREATE TABLE files (
    id           TEXT   NOT NULL PRIMARY KEY,
    entry        TEXT   NOT NULL,
    thread       TEXT   NOT NULL,
    network      TEXT   NOT NULL,
    conversation TEXT   NOT NULL,
    attachment   TEXT   NOT NULL,             -- chat.Attachment
    state        TEXT   NOT NULL,             -- handoff.FileState
    reason       TEXT   NOT NULL DEFAULT '',
    hash         TEXT   NOT NULL DEFAULT '',
    type         TEXT   NOT NULL DEFAULT '',
    size         BIGINT NOT NULL DEFAULT 0,
    made_at      BIGINT NOT NULL,
    ready_at     BIGINT NOT NULL,             -- due, or the end of the lease
    attempt      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX files_ready ON files (network, ready_at, id) WHERE state IN ('pending', 'forgetting');
CREATE INDEX files_thread ON files (thread, id);
CREATE INDEX files_entry ON files (entry, id);
CREATE INDEX files_hash ON files (hash) WHERE state = 'kept';
