-- What is known of an entry at its birth.
UPDATE entry SET facts = :facts WHERE id = :id;
