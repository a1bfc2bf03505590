-- Messages that wait for their files wait no longer. They came within :since: no such wait is longer.
UPDATE entry SET due_at = :now WHERE id IN (
    SELECT id FROM entry INDEXED BY entry_backlog
     WHERE channel = :channel AND state IN ('waiting', 'leased') AND direction IN ('in', 'out') AND arrived_at >= :since
       AND state = 'waiting' AND wait_kind = 'file' AND due_at > :now LIMIT :limit)
  RETURNING lane_id;
