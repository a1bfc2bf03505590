-- Pairings that contradict a known one, oldest first.
SELECT channel, lid, phone, seen_at FROM contradiction ORDER BY seen_at LIMIT :limit;
