-- A clean end.
DELETE FROM holder WHERE id = :id;
