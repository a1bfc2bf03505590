-- A channel that became known while the clock ran ahead begins now.
UPDATE channel SET start_mark = :now WHERE start_mark > :now;
