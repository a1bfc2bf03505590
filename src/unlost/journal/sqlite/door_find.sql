-- The entry a door key once named, kept or not.
SELECT entry_id FROM door WHERE key = :key;
