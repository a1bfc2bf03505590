-- Whether any head that crashed its worker twice is due. CROSS: pools first, one look into the index of due lanes for each.
SELECT EXISTS (SELECT 1 FROM pool CROSS JOIN lane INDEXED BY lane_due
  ON lane.channel = pool.channel AND lane.direction = pool.direction AND lane.alone = 1 AND lane.due_at <= :now
  WHERE pool.paused IS NULL);
