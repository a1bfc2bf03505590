-- Where a step of the clock brought it.
UPDATE channel SET start_mark = :at, mark_steps_s = :steps_s, restored_at = :restored_at WHERE name = :channel;
