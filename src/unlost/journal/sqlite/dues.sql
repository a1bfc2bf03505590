-- For each pool that is not paused: when its next lane falls due, and when its next suspect one does. Files stand still with the
-- look-ups: one gateway answers both.
SELECT channel, direction,
    (SELECT min(due_at) FROM lane INDEXED BY lane_due WHERE lane.channel = pools.channel AND lane.direction = pools.direction
        AND lane.alone = 0 AND due_at IS NOT NULL),
    (SELECT min(due_at) FROM lane INDEXED BY lane_due WHERE lane.channel = pools.channel AND lane.direction = pools.direction
        AND lane.alone = 1 AND due_at IS NOT NULL)
  FROM (SELECT channel, direction FROM pool WHERE paused IS NULL
        UNION ALL SELECT channel, 'media' FROM pool WHERE paused IS NULL AND direction = 'look') AS pools;
