-- Any pause is lifted.
UPDATE pool SET paused = NULL, reason = NULL, paused_since = NULL WHERE channel = :channel AND direction = :direction;
