-- No process of the backup's time lives.
DELETE FROM holder;
