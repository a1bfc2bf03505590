-- An entry takes its place in its lane.
UPDATE entry SET place = :place, behind = 0, late = :late, due_at = :now WHERE id = :id;
