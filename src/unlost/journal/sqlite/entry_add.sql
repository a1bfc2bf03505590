-- An entry is born. Its place is NULL while it is held or parked.
INSERT INTO entry (lane_id, channel, direction, source, kind, state, place, due_at, hold_until, late, is_empty,
    waits_for, wait_kind, wait_until, verdict, reason, settled_at, arrived_at, told_at, ordered_at,
    chat, sender, whatsapp_id, target, door_key)
  VALUES (:lane_id, :channel, :direction, :source, :kind, :state, :place, :due_at, :hold_until, :late, :is_empty,
    :waits_for, :wait_kind, :wait_until, :verdict, :reason, :settled_at, :arrived_at, :told_at, :ordered_at,
    :chat, :sender, :whatsapp_id, :target, :door_key)
  RETURNING id;
