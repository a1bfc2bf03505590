-- All enrolled processes.
SELECT id, host, lock_path, beat FROM holder ORDER BY enrolled_at, id;
