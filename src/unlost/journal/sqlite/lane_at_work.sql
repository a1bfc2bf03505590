-- The entry of a lane that is being worked.
SELECT place, behind FROM entry WHERE lease_lane = :lane AND state = 'leased';
