-- Whether the entry of this door key is still to be worked.
SELECT 1 FROM entry WHERE id = (SELECT entry_id FROM door WHERE key = :key) AND state IN ('waiting', 'leased', 'parked');
