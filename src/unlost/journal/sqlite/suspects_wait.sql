-- Whether a head of the pool that crashed its worker twice is due: one look into the index of due lanes.
SELECT EXISTS (SELECT 1 FROM lane INDEXED BY lane_due
  WHERE channel = :channel AND direction = :direction AND alone = 1 AND due_at <= :now)
  AND NOT EXISTS (SELECT 1 FROM pool WHERE channel = :channel AND direction = :direction AND paused IS NOT NULL);
