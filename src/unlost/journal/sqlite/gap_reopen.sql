-- The last one is open again, unless reconcile has looked behind it, or another is open.
UPDATE gap SET closed_at = NULL
 WHERE id = (SELECT max(id) FROM gap WHERE channel = :channel AND cause = :cause) AND reconciled_at IS NULL;
