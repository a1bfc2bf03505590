-- All paused pools.
SELECT channel, direction, paused, reason, paused_since, by_credentials FROM pool WHERE paused IS NOT NULL
 ORDER BY paused_since;
