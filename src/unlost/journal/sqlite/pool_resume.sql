-- Any pause is lifted.
UPDATE pool SET paused = NULL, reason = NULL, by_credentials = 0, paused_since = NULL
 WHERE channel = :channel AND direction = :direction;
