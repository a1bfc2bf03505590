-- It could not be fulfilled now: behind all other wishes.
UPDATE wanted_status SET wished_at = :now WHERE channel = :channel AND whatsapp_id = :whatsapp_id;
