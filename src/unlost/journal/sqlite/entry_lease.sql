-- The head is handed out under the lane's token.
UPDATE entry SET state = 'leased', lease_token = :token, lease_lane = :lane WHERE id = :id AND state = 'waiting'
  RETURNING id, lane_id, channel, direction, source, kind, chat, sender, whatsapp_id, target, hex(door_key), arrived_at,
    told_at, attempts, crashes, late, facts, (SELECT raw FROM body WHERE entry_id = entry.id);
