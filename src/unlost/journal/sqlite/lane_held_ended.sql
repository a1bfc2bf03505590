-- The latest order time among waits that are over.
SELECT max(ordered_at) FROM entry
 WHERE lane_id = :lane AND state = 'waiting' AND place IS NULL AND hold_until <= :now;
