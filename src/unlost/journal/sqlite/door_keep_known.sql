-- A key that keeps something out for as long as links are kept.
INSERT INTO door (key, entry_id, at) VALUES (:key, 0, :now) ON CONFLICT DO UPDATE SET at = excluded.at;
