-- When the next wait in the lane ends.
SELECT min(hold_until) FROM entry WHERE lane_id = :lane AND state = 'waiting' AND place IS NULL;
