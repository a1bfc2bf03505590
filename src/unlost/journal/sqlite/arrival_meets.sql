-- What an arrival meets: the entry that its key once named, whether an event is parked for its id, and its lane (NULLs: none yet).
SELECT (SELECT entry_id FROM door WHERE key = :key),
    EXISTS (SELECT 1 FROM entry WHERE waits_for = :whatsapp_id AND state = 'parked' AND channel = :channel),
    id, absorbed_by, joined, last_place, last_told_at, due_at, held_until, lease_holder, lease_token, alone
  FROM (SELECT 1) LEFT JOIN lane ON lane.channel = :channel AND direction = :direction AND address = :address;
