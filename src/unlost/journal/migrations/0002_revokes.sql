-- oldest program: 0.1.0
-- Asked once for each message and each file: has it been deleted for everyone? Made once, in one pass over the entries.
CREATE INDEX entry_revoke ON entry (target) WHERE kind = 'revoke';
