-- A leased entry waits again at the head of its lane.
UPDATE entry SET state = 'waiting', lease_token = NULL, lease_lane = NULL
 WHERE id = :id AND state = 'leased' AND lease_token = :token AND lease_lane = :lane
   AND EXISTS (SELECT 1 FROM lane WHERE id = :lane AND lease_token = :token AND lease_holder = :holder)
  RETURNING id;
