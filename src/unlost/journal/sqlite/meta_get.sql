-- One value the journal remembers of itself.
SELECT value FROM meta WHERE key = :key;
