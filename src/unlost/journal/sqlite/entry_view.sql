-- One entry for an operator's eyes.
SELECT id, channel, direction, source, kind, chat, sender, whatsapp_id, state, verdict, reason, arrived_at,
    told_at, CASE state WHEN 'waiting' THEN due_at WHEN 'parked' THEN wait_until END, settled_at, attempts, crashes, late FROM entry WHERE id = :id;
