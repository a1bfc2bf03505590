-- oldest program: 0.1.0
-- What is left of a deletion for everyone when its entry goes: no late file follows the message.
ALTER TABLE message_link ADD COLUMN is_revoked INTEGER NOT NULL DEFAULT 0;
