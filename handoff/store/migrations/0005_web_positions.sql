-- A page of the web chat's past is read by the places of its messages.

-- +goose Up
CREATE UNIQUE INDEX web_messages_position ON web_messages (session, position);
