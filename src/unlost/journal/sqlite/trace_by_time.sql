-- The newest entries of a time.
SELECT id, channel, direction, source, kind, chat, sender, whatsapp_id, state, verdict, reason, arrived_at,
    told_at, CASE state WHEN 'waiting' THEN due_at WHEN 'parked' THEN wait_until END, settled_at, attempts, crashes, late FROM entry
 WHERE arrived_at >= coalesce(:since, arrived_at) AND arrived_at <= coalesce(:until, arrived_at) ORDER BY id DESC LIMIT :limit;
