-- Entries of the lanes of one address, the newest of very many; lanes of background work are named behind a '#'.
SELECT id, channel, direction, source, kind, chat, sender, whatsapp_id, state, verdict, reason, arrived_at,
    told_at, CASE state WHEN 'waiting' THEN due_at WHEN 'parked' THEN wait_until END, settled_at, attempts, crashes, late FROM entry WHERE lane_id IN (
    SELECT id FROM lane WHERE channel = :channel AND direction IN ('in', 'out', 'look', 'chore', 'media') AND address = :address
    UNION ALL SELECT id FROM lane WHERE channel = :channel AND direction IN ('look', 'chore', 'media')
      AND address >= :address || '#' AND address < :address || '$')
   AND arrived_at >= coalesce(:since, arrived_at) AND arrived_at <= coalesce(:until, arrived_at) ORDER BY id DESC LIMIT :limit;
