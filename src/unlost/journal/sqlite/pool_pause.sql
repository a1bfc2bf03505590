-- A person's pause is not weakened by the program's, nor one that needs a person's eye by one that ends by itself.
UPDATE pool SET paused = :by, paused_since = coalesce(paused_since, :now),
    reason = CASE WHEN paused = 'program' AND by_credentials < :by_credentials THEN reason ELSE :reason END,
    by_credentials = CASE WHEN paused = 'program' THEN min(by_credentials, :by_credentials) ELSE :by_credentials END
 WHERE channel = :channel AND direction = :direction AND (paused IS NULL OR paused = 'program');
