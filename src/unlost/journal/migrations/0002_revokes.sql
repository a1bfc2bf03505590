-- oldest program: 0.1.0
-- Asked once for each message: has its sender deleted it before it could be shown? Made once, in one pass over the entries.
CREATE INDEX entry_revoke ON entry (target) WHERE kind = 'revoke';
