-- What stands in the lane's family before the one that is handed out, and was told before it, comes late.
UPDATE entry SET late = 1
  FROM (SELECT told_at, place, behind FROM entry WHERE id = :id AND told_at = ordered_at) AS head
 WHERE entry.lane_id IN (SELECT :lane UNION ALL SELECT id FROM lane WHERE absorbed_by = :lane)
   AND entry.state = 'waiting' AND entry.late = 0 AND entry.told_at = entry.ordered_at AND entry.told_at < head.told_at
   AND (entry.place, entry.behind, entry.id) < (head.place, head.behind, :id);
