-- Neither direction reaches behind the restore.
UPDATE channel SET start_mark = :now;
