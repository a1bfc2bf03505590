-- What was told once never enters twice.
INSERT INTO door (key, entry_id, at) VALUES (:key, :entry, :now);
