-- The earliest due time over all pools that are not paused, and over parked entries.
SELECT min(due_at) FROM (
  SELECT (SELECT min(due_at) FROM lane WHERE lane.channel = pool.channel AND lane.direction = pool.direction
             AND lane.alone = which.alone AND due_at IS NOT NULL) AS due_at
    FROM pool, (SELECT 0 AS alone UNION ALL SELECT 1) AS which WHERE pool.paused IS NULL
  UNION ALL
  SELECT (SELECT min(wait_until) FROM entry WHERE state = 'parked') AS due_at
);
