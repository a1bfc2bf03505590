-- Entries with a begun step in the channels of one helpdesk; the small indexes of what has not ended, not the whole table.
SELECT id, facts FROM (
  SELECT id, facts, channel FROM entry INDEXED BY entry_waiting WHERE state = 'waiting' AND begun = 1 AND id > :after
  UNION ALL SELECT id, facts, channel FROM entry INDEXED BY entry_leased WHERE state = 'leased' AND begun = 1 AND id > :after
  UNION ALL SELECT id, facts, channel FROM entry INDEXED BY entry_parked_until WHERE state = 'parked' AND begun = 1 AND id > :after
  UNION ALL SELECT id, facts, channel FROM entry INDEXED BY entry_dead WHERE state = 'dead' AND begun = 1 AND id > :after)
 WHERE channel IN (SELECT name FROM channel WHERE helpdesk = (SELECT helpdesk FROM channel WHERE name = :channel))
 ORDER BY id LIMIT :limit;
