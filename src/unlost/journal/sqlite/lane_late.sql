-- What the lane has yet to deliver is late where the other may deliver first what was told later: it has done so, or is at work on it,
-- or has begun it, and nobody knows whether it stands already; or that stands before.
WITH stand AS (
  SELECT id, lane_id, told_at, place, behind, state = 'done' AS is_done, 
      lane_id = :other AND (state <> 'waiting' OR begun) AS is_ahead
    FROM entry
   WHERE lane_id IN (:id, :other) AND told_at = ordered_at AND place IS NOT NULL
     AND (state IN ('waiting', 'leased') OR verdict = 'delivered')),
known AS MATERIALIZED (
  SELECT id, lane_id, told_at, is_done,
      max(told_at) FILTER (WHERE is_ahead) OVER () AS told_ahead,
      max(told_at) FILTER (WHERE lane_id = :other) OVER (ORDER BY place, behind, id) AS told_before
    FROM stand)
UPDATE entry SET late = 1
  FROM known
 WHERE entry.id = known.id AND entry.late = 0 AND known.lane_id = :id AND NOT is_done
   AND (known.told_at < told_ahead OR known.told_at < told_before);
