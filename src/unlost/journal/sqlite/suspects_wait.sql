-- Whether any head that crashed its worker twice is due.
SELECT EXISTS (SELECT 1 FROM pool JOIN lane ON lane.channel = pool.channel AND lane.direction = pool.direction
  WHERE pool.paused IS NULL AND lane.alone = 1 AND lane.due_at <= :now);
