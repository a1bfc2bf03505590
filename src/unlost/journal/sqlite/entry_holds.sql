-- Whether this claim still stands.
SELECT EXISTS (SELECT 1 FROM entry JOIN lane ON lane.id = :lane
  WHERE entry.id = :id AND entry.state = 'leased' AND entry.lease_token = :token AND entry.lease_lane = :lane
    AND lane.lease_token = :token AND lane.lease_holder = :holder);
