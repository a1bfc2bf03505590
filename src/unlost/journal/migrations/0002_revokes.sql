-- oldest program: 0.1.0
-- A message that was deleted for everyone gets no late file: asked by the message's id.

CREATE INDEX entry_revoke ON entry (target) WHERE kind = 'revoke';
