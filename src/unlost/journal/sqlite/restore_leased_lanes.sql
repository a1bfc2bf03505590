-- Leases that the backup's processes held.
SELECT id FROM lane WHERE lease_holder IS NOT NULL;
