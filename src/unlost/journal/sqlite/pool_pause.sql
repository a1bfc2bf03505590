-- A person's pause is not weakened by the program's.
UPDATE pool SET paused = :by, reason = :reason, paused_since = coalesce(paused_since, :now)
 WHERE channel = :channel AND direction = :direction AND (paused IS NULL OR paused = 'program');
