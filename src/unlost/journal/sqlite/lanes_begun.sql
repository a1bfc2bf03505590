-- Lanes that hold a begun entry which is due again, longest due first. CROSS: from those few entries to their lanes.
SELECT lane.id, absorbed_by, joined, last_place, last_told_at, lane.due_at, held_until, lease_holder, lane.lease_token, alone
  FROM entry CROSS JOIN lane ON lane.id = entry.lane_id
 WHERE entry.channel = :channel AND entry.direction = :direction AND entry.state = 'waiting' AND entry.begun = 1
   AND entry.due_at <= :now AND lane.alone = :alone AND lane.due_at <= :now ORDER BY entry.due_at LIMIT :limit;
