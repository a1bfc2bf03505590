-- Due now.
UPDATE entry SET due_at = :now WHERE id = :id AND state = 'waiting';
