-- What the journal remembered of itself holds no more.
DELETE FROM meta WHERE key = :key;
