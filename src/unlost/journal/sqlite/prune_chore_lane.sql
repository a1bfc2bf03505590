-- The own lane of a chore or file goes with its last entry.
DELETE FROM lane WHERE id = :id AND direction IN ('chore', 'media') AND lease_holder IS NULL AND joined = 0 AND absorbed_by IS NULL
   AND NOT EXISTS (SELECT 1 FROM entry WHERE lane_id = :id);
