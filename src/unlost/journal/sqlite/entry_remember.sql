-- Facts are written only by the holder of the lease; no row back means that it was lost.
UPDATE entry SET facts = :facts, begun = :begun
 WHERE id = :id AND state = 'leased' AND lease_token = :token AND lease_lane = :lane
   AND EXISTS (SELECT 1 FROM lane WHERE id = :lane AND lease_token = :token AND lease_holder = :holder)
  RETURNING id;
