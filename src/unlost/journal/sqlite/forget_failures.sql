-- So does what was written about its attempts.
DELETE FROM failure WHERE entry_id = :id;
