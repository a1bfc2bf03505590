-- Older than any webhook about them.
DELETE FROM own_delete WHERE (channel, message) IN (SELECT channel, message FROM own_delete WHERE at < :before LIMIT :limit)
  RETURNING 1;
