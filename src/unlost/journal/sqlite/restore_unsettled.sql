-- Inbound entries and files that were not delivered, dead letters among them: they may be retried.
SELECT id, facts FROM entry WHERE id > :after AND direction IN ('in', 'media') AND state IN ('waiting', 'parked', 'dead')
 ORDER BY id LIMIT :limit;
