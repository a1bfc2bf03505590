-- It waits again, at its lane's end, marked late.
UPDATE entry SET state = 'waiting', place = :place, behind = 0, due_at = :now, late = 1, attempts = 0, crashes = 0,
    facts = :facts, verdict = NULL, reason = NULL, settled_at = NULL, hold_until = NULL WHERE id = :id AND state = 'dead';
