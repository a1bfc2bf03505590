-- All gaps, oldest first; of very many the newest.
SELECT * FROM (SELECT id, channel, cause, opened_at, closed_at, reconciled_at FROM gap ORDER BY id DESC LIMIT :limit)
 ORDER BY opened_at, id;
