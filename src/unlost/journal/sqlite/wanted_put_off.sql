-- It could not be fulfilled now: behind all other wishes.
UPDATE wanted_status SET wished_at = max(:now,
    coalesce((SELECT max(wished_at) FROM wanted_status AS other WHERE other.channel = :channel AND other.is_open = 1) + 0.001, :now))
 WHERE channel = :channel AND whatsapp_id = :whatsapp_id;
