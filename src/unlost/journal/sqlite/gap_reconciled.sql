-- Reconcile has looked behind it.
UPDATE gap SET reconciled_at = :now, closed_at = coalesce(closed_at, :now) WHERE id = :id AND reconciled_at IS NULL;
