-- The entry that stands first: nothing may pass it.
SELECT id, place, behind, due_at, crashes, begun FROM entry
 WHERE lane_id = :lane AND state = 'waiting' AND place IS NOT NULL ORDER BY place, behind LIMIT 1;
