-- Its holder vanished: the attempt neither ended nor was given back. A begun step stays begun.
UPDATE entry SET state = 'waiting', lease_token = NULL, lease_lane = NULL, crashes = crashes + :crashes
 WHERE state = 'leased' AND lease_lane = :lane RETURNING id;
