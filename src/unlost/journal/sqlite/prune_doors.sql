-- Older than any replay.
DELETE FROM door WHERE key IN (SELECT key FROM door WHERE at < :before LIMIT :limit) RETURNING 1;
