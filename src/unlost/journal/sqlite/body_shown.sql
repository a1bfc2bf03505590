-- A body as received, its beginning only where it is longer; none once it was forgotten or pruned.
SELECT substr(raw, 1, :limit), length(raw) FROM body WHERE entry_id = :entry;
