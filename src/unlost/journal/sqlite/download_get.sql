-- Where the download that belongs to a message stands.
SELECT state, facts FROM entry WHERE id = (SELECT entry_id FROM door WHERE key = :key);
