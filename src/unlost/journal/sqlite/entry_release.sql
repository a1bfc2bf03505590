-- A parked entry goes back into its lane.
UPDATE entry SET state = 'waiting', place = :place, behind = :behind, due_at = :now, late = :late, facts = :facts,
    waits_for = NULL, wait_kind = NULL, wait_until = NULL, hold_until = NULL WHERE id = :id AND state = 'parked';
