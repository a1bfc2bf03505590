-- The body as received, kept so that a mended reader can read it again.
INSERT INTO body (entry_id, raw) VALUES (:entry, :raw);
