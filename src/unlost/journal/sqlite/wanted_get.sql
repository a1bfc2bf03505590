-- The wish for one message id.
SELECT status, rank FROM wanted_status WHERE channel = :channel AND whatsapp_id = :whatsapp_id;
