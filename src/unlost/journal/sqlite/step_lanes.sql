-- Lanes due later than now come back, none before now.
UPDATE lane SET due_at = CASE WHEN due_at > :now THEN max(:now, due_at - :step) ELSE due_at END,
    held_until = CASE WHEN held_until > :now THEN max(:now, held_until - :step) ELSE held_until END
 WHERE id > :after AND id <= :until AND (due_at > :now OR held_until > :now);
