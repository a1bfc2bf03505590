-- The newest entry.
SELECT max(id) FROM entry;
