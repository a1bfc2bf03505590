-- Gaps that reconcile closed long ago.
DELETE FROM gap WHERE id IN (SELECT id FROM gap WHERE reconciled_at < :before LIMIT :limit) RETURNING 1;
