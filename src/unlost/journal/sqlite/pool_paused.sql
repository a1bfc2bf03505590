-- Who paused this pool, if anyone.
SELECT paused FROM pool WHERE channel = :channel AND direction = :direction;
