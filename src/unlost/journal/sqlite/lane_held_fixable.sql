-- All that is told no later than what is fixed now.
SELECT id, ordered_at, told_at, late FROM entry
 WHERE lane_id = :lane AND state = 'waiting' AND place IS NULL AND ordered_at <= :bound;
