-- A channel's wishes that can be fulfilled now, oldest first.
SELECT channel, whatsapp_id, status FROM wanted_status
  WHERE channel = :channel AND is_open = 1 ORDER BY wished_at LIMIT :limit;
