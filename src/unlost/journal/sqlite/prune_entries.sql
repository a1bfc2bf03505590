-- Old entries that ended go, with their bodies and failures; dead letters stay, and deletions of what may be delivered yet.
DELETE FROM entry WHERE id IN (
  SELECT id FROM entry AS old WHERE state = 'done' AND settled_at < :before AND NOT (kind = 'revoke' AND EXISTS (
    SELECT 1 FROM entry AS told
     WHERE told.whatsapp_id = old.target AND told.channel = old.channel AND told.state <> 'done')) LIMIT :limit)
  RETURNING lane_id, channel, kind, chat, target, sender;
