-- The lane hands out nothing of its own any more; its entries stay.
UPDATE lane SET absorbed_by = :root, due_at = NULL, held_until = NULL, alone = 0 WHERE id = :id;
