-- What waits for this message id, in the order in which it was told.
SELECT id, lane_id, direction, wait_kind, chat, sender, told_at, late, facts FROM entry
 WHERE waits_for = :whatsapp_id AND state = 'parked' AND channel = :channel ORDER BY ordered_at, id LIMIT 500;
