-- What `known` is gathered from.
SELECT id, lane_id, channel, direction, source, kind, chat, sender, whatsapp_id, target, hex(door_key), arrived_at,
    told_at, attempts, crashes, late, facts, x'' FROM entry WHERE id = :id;
