-- A suspect that lived its time alone waits again, for one attempt no suspect any more.
UPDATE entry SET state = 'waiting', lease_token = NULL, lease_lane = NULL, crashes = 0, crashed_under = NULL,
    attempts = attempts + 1
 WHERE id = :id AND state = 'leased' AND lease_token = :token AND lease_lane = :lane
   AND EXISTS (SELECT 1 FROM lane WHERE id = :lane AND lease_token = :token AND lease_holder = :holder)
  RETURNING id;
