-- The process was frozen, not ended: what was counted against the entry it held is given back.
UPDATE entry SET crashes = max(0, crashes - 1), crashed_under = NULL WHERE crashed_under = :holder RETURNING lane_id;
