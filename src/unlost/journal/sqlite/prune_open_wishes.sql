-- Receipts of messages whose link has gone: nobody can set their status any more.
DELETE FROM wanted_status WHERE (channel, whatsapp_id) IN (
  SELECT channel, whatsapp_id FROM wanted_status WHERE wished_at < :before LIMIT :limit) RETURNING 1;
