-- Gaps that reconcile has not closed.
SELECT id, channel, cause, opened_at, closed_at, reconciled_at FROM gap WHERE reconciled_at IS NULL
 ORDER BY opened_at, id LIMIT :limit;
