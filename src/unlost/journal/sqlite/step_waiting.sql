-- So do waiting entries and their reorder waits, and what is at work: it may be given back.
UPDATE entry SET due_at = max(:now, due_at - :step), hold_until = max(:now, hold_until - :step)
 WHERE id > :after AND id <= :until AND state IN ('waiting', 'leased') AND due_at > :now;
