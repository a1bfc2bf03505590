-- Only the holder of the lease may settle; no row back means that the lease was lost: drop the work.
UPDATE entry SET state = :state, lease_token = NULL, lease_lane = NULL, facts = :facts, begun = :begun, attempts = attempts + :costs,
    due_at = coalesce(:due_at, due_at), verdict = :verdict, reason = :reason, settled_at = :settled_at,
    waits_for = :waits_for, wait_kind = :wait_kind, wait_until = min(arrived_at, :now) + :wait_s
 WHERE id = :id AND state = 'leased' AND lease_token = :token AND lease_lane = :lane
   AND EXISTS (SELECT 1 FROM lane WHERE id = :lane AND lease_token = :token AND lease_holder = :holder)
  RETURNING lane_id, place, chat, sender, whatsapp_id, target, is_empty, told_at, kind;
