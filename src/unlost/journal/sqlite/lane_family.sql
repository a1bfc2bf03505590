-- The lanes a surviving lane has absorbed.
SELECT id, lease_holder FROM lane WHERE absorbed_by = :root;
