-- So do waiting entries and their reorder waits.
UPDATE entry SET due_at = max(:now, due_at - :step), hold_until = max(:now, hold_until - :step)
 WHERE id > :after AND id <= :until AND state = 'waiting' AND due_at > :now;
