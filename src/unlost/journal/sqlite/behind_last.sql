-- How many stand right behind a place already.
SELECT max(behind) FROM entry WHERE lane_id = :lane AND state = 'waiting' AND place = :place;
