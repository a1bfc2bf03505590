-- What became known while the clock ran ahead began now.
UPDATE channel SET start_mark = min(start_mark, :now), restored_at = min(restored_at, :now)
 WHERE start_mark > :now OR restored_at > :now;
