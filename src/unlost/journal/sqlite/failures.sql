-- An entry's attempts that ended without effect, and what persons did to it.
SELECT at, step, cause, text FROM failure WHERE entry_id = :entry ORDER BY at, rowid LIMIT 500;
