-- What the helpdesk answered to a status change.
UPDATE message_link SET confirmed_status = :status, written_at = :now WHERE channel = :channel AND message = :message
  RETURNING whatsapp_id;
