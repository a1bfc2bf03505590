-- Its holder vanished: the attempt neither ended nor was given back. A begun step stays begun.
UPDATE entry SET state = 'waiting', lease_token = NULL, lease_lane = NULL, crashes = crashes + :crashes,
    crashed_under = CASE WHEN :crashes > 0 THEN :holder ELSE crashed_under END
 WHERE state = 'leased' AND lease_lane = :lane RETURNING id;
