-- For each pool that is not paused: when its next lane falls due, and when its next suspect one does.
SELECT channel, direction,
    (SELECT min(due_at) FROM lane INDEXED BY lane_due WHERE lane.channel = pool.channel AND lane.direction = pool.direction
        AND lane.alone = 0 AND due_at IS NOT NULL),
    (SELECT min(due_at) FROM lane INDEXED BY lane_due WHERE lane.channel = pool.channel AND lane.direction = pool.direction
        AND lane.alone = 1 AND due_at IS NOT NULL)
  FROM pool WHERE paused IS NULL;
