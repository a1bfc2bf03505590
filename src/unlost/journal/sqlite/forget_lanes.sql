-- A lane without waiting entries loses its name; a next message makes a new one.
UPDATE lane SET address = :nameless || ':' || id WHERE channel = :channel AND (address = :address
    OR (address >= :address || '#' AND address < :address || '$')) AND lease_holder IS NULL
   AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.lane_id = lane.id AND entry.state IN ('waiting', 'leased'));
