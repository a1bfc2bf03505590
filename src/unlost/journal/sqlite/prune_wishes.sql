-- Receipts of messages that nobody linked.
DELETE FROM wanted_status WHERE (channel, whatsapp_id) IN (
  SELECT channel, whatsapp_id FROM wanted_status WHERE wished_at < :before AND is_open = 0 LIMIT :limit) RETURNING 1;
