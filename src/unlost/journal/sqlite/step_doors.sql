-- The last door keys that were written before a clock that was far behind was set are as new as they were.
UPDATE door SET at = at + :step
 WHERE key IN (SELECT key FROM door WHERE at <= :until ORDER BY at DESC LIMIT :limit);
