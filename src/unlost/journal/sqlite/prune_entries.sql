-- Old entries that ended go, with their bodies and failures; dead letters stay.
DELETE FROM entry WHERE id IN (SELECT id FROM entry WHERE state = 'done' AND settled_at < :before LIMIT :limit)
  RETURNING lane_id, channel, kind, chat, target;
