-- The highest wish stands.
INSERT INTO wanted_status (channel, whatsapp_id, status, rank, wished_at, is_open)
  VALUES (:channel, :whatsapp_id, :status, :rank, :now, 0)
  ON CONFLICT DO UPDATE SET status = excluded.status, rank = excluded.rank, wished_at = excluded.wished_at
    WHERE excluded.rank > rank;
