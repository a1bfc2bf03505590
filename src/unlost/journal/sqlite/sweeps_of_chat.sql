-- Waiting sweeps of one chat that are not due yet; each stands in a lane of its own.
SELECT entry.id, lane.id FROM lane JOIN entry ON entry.lane_id = lane.id
 WHERE lane.channel = :channel AND lane.direction = 'chore' AND lane.address >= :chat || '#' AND lane.address < :chat || '$'
   AND entry.state = 'waiting' AND entry.kind = 'sweep' AND entry.due_at > :now LIMIT 100;
