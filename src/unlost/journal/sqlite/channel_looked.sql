-- Reconcile has looked up to here; only ever forward, but for a clock that ran ahead when it was written.
UPDATE channel SET looked_until = CASE WHEN looked_until > :now THEN :at ELSE max(coalesce(looked_until, :at), :at) END
 WHERE name = :name;
