-- A lane without waiting entries, its own or of one it has absorbed, loses its name; a next message makes a new one.
UPDATE lane SET address = :nameless || ':' || id WHERE channel = :channel AND (address = :address
    OR (address >= :address || '#' AND address < :address || '$')) AND lease_holder IS NULL
   AND NOT EXISTS (SELECT 1 FROM lane AS part JOIN entry ON entry.lane_id = part.id
      WHERE (part.id = lane.id OR part.absorbed_by = lane.id) AND entry.state IN ('waiting', 'leased'));
