-- A dead letter, as far as its retry needs it.
SELECT lane_id, told_at, facts FROM entry WHERE id = :id AND state = 'dead';
