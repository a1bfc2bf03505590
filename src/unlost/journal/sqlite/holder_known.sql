-- Whether the process is still enrolled.
SELECT EXISTS (SELECT 1 FROM holder WHERE id = :id);
