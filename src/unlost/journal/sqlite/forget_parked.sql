-- Nobody could read it any more.
UPDATE entry SET state = 'done', verdict = 'discarded', settled_at = :now,
    waits_for = NULL, wait_kind = NULL, wait_until = NULL WHERE id = :id AND state = 'parked';
