-- Whether there is something to do for the wish.
UPDATE wanted_status SET is_open = :is_open WHERE channel = :channel AND whatsapp_id = :whatsapp_id;
