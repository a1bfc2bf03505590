-- Where what shows how its clock was brings it.
UPDATE channel SET start_mark = :at, restored_at = :restored_at WHERE name = :channel;
