-- Whether an entry is still there, and still somebody's: neither pruned nor forgotten.
SELECT 1 FROM entry WHERE id = :id AND chat IS NOT NULL;
