-- Dead letters, newest first.
SELECT id, channel, direction, source, kind, chat, sender, whatsapp_id, state, verdict, reason, arrived_at,
    told_at, CASE state WHEN 'waiting' THEN due_at WHEN 'parked' THEN wait_until END, settled_at, attempts, crashes, late FROM entry WHERE state = 'dead'
   AND settled_at >= coalesce(:since, settled_at) AND channel = coalesce(:channel, channel)
   AND reason = coalesce(:reason, reason) ORDER BY settled_at DESC, id DESC LIMIT :limit;
