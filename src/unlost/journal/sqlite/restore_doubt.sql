-- The post counts as begun.
UPDATE entry SET facts = :facts, begun = 1 WHERE id = :id;
