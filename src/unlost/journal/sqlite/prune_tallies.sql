-- Hours that nobody asks about any more.
DELETE FROM tally WHERE (channel, hour) IN (
  SELECT channel, hour FROM tally WHERE hour < :before / 3600 - 1 LIMIT :limit) RETURNING 1;
