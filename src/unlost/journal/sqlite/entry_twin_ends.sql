-- An empty event whose content has come.
UPDATE entry SET state = 'done', verdict = 'skipped', reason = 'empty_twin', settled_at = :now,
    waits_for = NULL, wait_kind = NULL, wait_until = NULL WHERE id = :id AND state = 'parked';
