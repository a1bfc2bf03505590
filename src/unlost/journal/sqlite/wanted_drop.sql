-- The wish is fulfilled, or refused for good.
DELETE FROM wanted_status WHERE channel = :channel AND whatsapp_id = :whatsapp_id;
