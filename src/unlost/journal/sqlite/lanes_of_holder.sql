-- All lanes leased to a process.
SELECT id, alone FROM lane WHERE lease_holder = :holder;
