-- Parked entries whose wait is over, longest over first.
SELECT id, lane_id, direction, wait_kind, chat, sender, told_at, late, facts FROM entry
 WHERE state = 'parked' AND wait_until <= :now ORDER BY wait_until, id LIMIT :limit;
