-- A message that waits for its file waits no longer.
UPDATE entry SET due_at = :now
 WHERE whatsapp_id = :whatsapp_id AND channel = :channel AND state = 'waiting' AND wait_kind = 'file' AND due_at > :now
  RETURNING lane_id;
